import { doesNotThrow, throws } from "node:assert/strict";
import { refuseSwallowed } from "../../../tools/start/swallowed.ts";

describe("options that npm swallowed", () => {
  const refused = (args: string[], env: NodeJS.ProcessEnv, says: string) =>
    throws(
      () => refuseSwallowed(args, { npm_lifecycle_event: "start", ...env }),
      ({ message }: Error) => message.endsWith(`: npm start -- ${says}`),
    );

  // Each as npm 10 and 11 pass it on.
  it("says what to write", () => {
    refused(["8001"], { npm_config_port: "true" }, "--port 8001");
    refused([], { npm_config_port: "8001" }, "--port 8001");
    refused(["8001", "page.png"], { npm_config_port: "true" }, "--port 8001 page.png");
    refused(["null"], { npm_config_engine_strict: "true" }, "--engine null");
    refused([], { npm_config_sample: "" }, "--no-sample");
    refused(
      ["8001", "null"],
      { npm_config_port: "true", npm_config_engine_strict: "true" },
      "--port 8001 --engine null",
    );
  });

  it("leaves npm's own settings and other scripts alone", () => {
    const npm = {
      npm_lifecycle_event: "start",
      npm_config_engine_strict: "true",
    };
    doesNotThrow(() => refuseSwallowed(["page.png"], npm));
    doesNotThrow(() => refuseSwallowed([], { npm_lifecycle_event: "test", npm_config_port: "1" }));
  });
});
