import { equal, match } from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../../../tools/bootstrap/paths.mjs";
import { python } from "../../helpers/python.ts";
import { freePort, Launch, trace } from "./launch.ts";

/** User "nobody", whom permissions hold back where this process is root. */
const NOBODY = 65_534;
const asOther = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};

/** The header of a BMP image of 10,000 x 6,000 pixels. */
function hugeImage(): Buffer {
  const header = Buffer.alloc(54 + 8);
  header.write("BM");
  for (const [offset, value] of [
    [2, 7_500_062],
    [10, 62],
    [14, 40],
    [18, 10_000],
    [22, 6_000],
  ] as const)
    header.writeUInt32LE(value, offset);
  header.writeUInt16LE(1, 26);
  header.writeUInt16LE(1, 28);
  return header;
}

describe("npm start that fails before anything runs", function () {
  this.timeout(180_000);
  let folder: string;
  let port: number;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "ocr-test-"));
    port = await freePort();
    mkdirSync(join(folder, "checkout"));
    const files: Record<string, string | Buffer> = {
      "empty.png": "",
      "broken.pdf": "%PDF-1.7 and nothing more",
      "huge.bmp": hugeImage(),
      "heavy.bmp": "BM",
    };
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
    truncateSync(join(folder, "heavy.bmp"), 20 * 2 ** 20 + 1);
  });
  after(() => {
    chmodSync(join(folder, "checkout"), 0o755);
    rmSync(folder, { recursive: true });
  });

  const npm = { npm_lifecycle_event: "start" };
  // One of those that document.test.ts has all of, and those that only Python sees.
  const cases: readonly [file: string, says: RegExp, needs?: "python"][] = [
    ["empty.png", /empty\.png is empty \(0 bytes\)\./],
    ["broken.pdf", /broken\.pdf cannot be read as a PDF/, "python"],
    ["huge.bmp", /huge\.bmp cannot be read as an image: .*60,000,000 pixels; at most 50,000,000/, "python"],
    ["heavy.bmp", /heavy\.bmp has 20,971,521 bytes; at most 20,971,520/, "python"],
  ];
  for (const [file, says, needs] of cases) {
    it(`says what is wrong with FILE ${file}`, async function () {
      if (needs && !python) this.skip();
      const { output } = await failed(new Launch(["--port", String(port), join(folder, file)]));
      match(output, says);
      equal(trace(port), undefined);
    });
  }

  it("says where -- is missing", async () => {
    const { output } = await failed(new Launch(["8001", "page.png"], { ...npm, npm_config_port: "true" }));
    match(output, /Put -- before the options: npm start -- --port 8001 page\.png/);
  });

  it("says that the checkout cannot be written", async function () {
    const checkout = join(folder, "checkout");
    for (const name of ["tools", "components", "deploy", "serve-app/ocr_app", "package.json", "package-lock.json"])
      cpSync(join(root, name), join(checkout, name), { recursive: true });
    symlinkSync(join(root, "node_modules"), join(checkout, "node_modules"));
    chmodSync(folder, 0o755);
    chmodSync(checkout, 0o555);
    const look = `require("node:fs").accessSync(${JSON.stringify(join(root, "node_modules", "tsx", "package.json"))})`;
    if (spawnSync(process.execPath, ["-e", look], asOther).status !== 0) this.skip();
    const ended = spawnSync(process.execPath, ["tools/cli.mjs", "start", "--no-sample"], {
      cwd: checkout,
      encoding: "utf8",
      ...asOther,
    });
    equal(ended.status, 1, ended.stderr);
    match(ended.stderr, /checkout\/\.cache(\/run)? cannot be used: permission denied\. /);
    match(ended.stderr, process.getuid?.() === 0 ? /belongs to another user.*git clone .*checkout/ : /chmod -R u\+w/);
    equal(/\n\s+at /.test(ended.stderr), false);
  });

  async function failed(launch: Launch): Promise<Launch> {
    equal(await launch.ended(), 1, launch.output);
    equal(/\n\s+at /.test(launch.output), false, `a stack is no message for people:\n${launch.output}`);
    return launch;
  }
});
