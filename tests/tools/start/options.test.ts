import { deepEqual, equal, match, throws } from "node:assert/strict";
import fc from "fast-check";
import { UserError } from "../../../tools/bootstrap/userError.mjs";
import { parseStartOptions } from "../../../tools/start/options.ts";

describe("options of npm start", () => {
  const parse = (...args: string[]) => parseStartOptions(args, {});

  it("has defaults for everything", () => {
    deepEqual(parse(), { port: 8000, engine: "cpu", key: undefined, file: undefined, help: false });
  });

  it("reads every option", () => {
    const options = parse("--port", "0", "--engine=null", "--key", "secret", "page.pdf");
    deepEqual(options, { port: 0, engine: "null", key: "secret", file: "page.pdf", help: false });
    equal(parse("--no-sample").file, false);
    equal(parse("-h").help, true);
  });

  it("takes the key from OCR_API_KEY, where an empty one is none", () => {
    equal(parseStartOptions([], { OCR_API_KEY: "k" }).key, "k");
    equal(parseStartOptions([], { OCR_API_KEY: "" }).key, undefined);
    equal(parseStartOptions(["--key", "mine"], { OCR_API_KEY: "k" }).key, "mine");
  });

  it("names all that is wrong at once, and never shows a key", () => {
    const seen = (() => {
      try {
        parse("--port", "70000", "--engine", "gpu", "--key", "my secret", "a", "b");
        return "";
      } catch (error) {
        return (error as Error).message;
      }
    })();
    match(seen, /--port .*70000/);
    match(seen, /--engine .*gpu/);
    match(seen, /--key/);
    match(seen, /one FILE/);
    equal(seen.includes("my secret"), false);
  });

  it("says where vllm runs", () => throws(() => parse("--engine", "vllm"), /GPU worker/));

  it("answers any command line with options or with words for people", () => {
    const arg = fc.oneof(
      fc.string(),
      fc.constantFrom("--port", "--engine", "--key", "--no-sample", "--", "-h", "8001"),
    );
    fc.assert(
      fc.property(fc.array(arg, { maxLength: 5 }), (args) => {
        try {
          const { port } = parseStartOptions(args, {});
          return Number.isInteger(port) && port >= 0 && port <= 65_535;
        } catch (error) {
          return error instanceof UserError;
        }
      }),
    );
  });
});
