import { equal, match } from "node:assert/strict";
import { usage } from "../../deploy/args.ts";
import { main } from "../../deploy/main.ts";

async function run(...argv: string[]): Promise<{ code: number; printed: string; progress: string }> {
  let [printed, progress] = ["", ""];
  const code = await main(argv, {
    workDir: "/nowhere",
    environment: {},
    print: (text) => {
      printed += text;
    },
    progress: (text) => {
      progress += text;
    },
  });
  return { code, printed, progress };
}

describe("npm run deploy", () => {
  it("prints its usage on request, and that is no failure", async () => {
    const { code, printed, progress } = await run("--help");
    equal(code, 0);
    equal(printed, `${usage}\n`);
    equal(progress, "");
  });

  for (const argv of [[], ["deploi", "--stack", "dev"], ["up", "--stack", "dev", "--frobnicate"]]) {
    it(`ends with 2 for "${argv.join(" ")}", and says where help is`, async () => {
      const { code, printed, progress } = await run(...argv);
      equal(code, 2);
      equal(printed, "");
      match(progress, /--help/);
    });
  }
});
