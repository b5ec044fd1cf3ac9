import { equal, match } from "node:assert/strict";
import { classify, exitCodes, ProblemError, type ProblemKind } from "../../deploy/problems.ts";

/** An error as the Automation API throws it; the texts are those of CLI 3.260 and kubernetes plugin 4.34. */
function commandError(text: string): Error {
  return Object.assign(new Error(`code: 1\n stdout: \n stderr: ${text}`), { name: "CommandError", commandResult: {} });
}

const prefix = "Command failed with exit code 1: pulumi up --yes --stack dev --non-interactive\n";

const recorded: Readonly<Record<string, readonly [string, ProblemKind, RegExp]>> = {
  "a wrong passphrase": [
    "error: getting stack configuration: get stack secrets manager: incorrect passphrase",
    "passphrase",
    /does not open this stack's secrets/,
  ],
  "no passphrase": [
    "error: getting stack configuration: get stack secrets manager: passphrase must be set with PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE environment variables",
    "passphrase",
    /none is given/,
  ],
  "no login": [
    "error: PULUMI_ACCESS_TOKEN must be set for login during non-interactive CLI sessions",
    "no-backend",
    /not logged in/,
  ],
  "another update": [
    "error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock file with `pulumi cancel`.\n  file:///state/.pulumi/locks/organization/tiny/dev/0d48.json?no_tmp_dir=true: created by root@vm (pid 20015) at 2026-11-23T20:23:18Z",
    "concurrent-update",
    /created by root@vm \(pid 20015\) at 2026-11-23T20:23:18Z\.$/,
  ],
  "an interrupted update": [
    "@ updating....\n^C received; cancelling. If you would like to terminate immediately, press ^C again.\n    pulumi:pulumi:Stack tiny-dev running error: update canceled",
    "interrupted",
    /interrupted/,
  ],
  "a cluster that does not answer": [
    'error: configured Kubernetes cluster is unreachable: unable to load schema information from the API server: Get "https://127.0.0.1:1/openapi/v2?timeout=32s": dial tcp 127.0.0.1:1: connect: connection refused',
    "cluster-unreachable",
    /The cluster does not answer: .*connection refused/,
  ],
  "a chart that cannot be fetched": [
    'error: kubernetes:helm.sh/v3:Release resource \'deepseek-ocr-kuberay-release\': property chart value {kuberay-operator} has a problem: looks like "https://ray-project.github.io/kuberay-helm/" is not a valid chart repository or cannot be reached: Get "https://ray-project.github.io/kuberay-helm/index.yaml": dial tcp: lookup ray-project.github.io: no such host; check the chart name',
    "chart-missing",
    /kuberay-helm.*no such host/,
  ],
  "a configuration with problems": [
    "error: The configuration has 2 problems; nothing was created.\n +  pulumi:pulumi:Stack deepseek-ocr-x create 1 error\n" +
      "    error: The configuration has 2 problems; nothing was created.\n      location: set it (seen: nothing)\n      worker.gpus: engine cpu needs 0 (seen: 1)",
    "configuration",
    /2 problems; nothing was created\.\n +location: set it .*\n +worker\.gpus/,
  ],
  "a stack that is not there": ["error: no stack named 'hel1' found", "unknown-stack", /no stack 'hel1'/],
};

describe("classify", () => {
  for (const [name, [text, kind, what]] of Object.entries(recorded)) {
    it(`knows ${name}`, () => {
      const problem = classify(commandError(prefix + text));
      equal(problem.kind, kind);
      match(problem.what, what);
      equal(problem.advice.length > 10, true);
    });
  }

  it("gives the engine's words for anything else", () => {
    const problem = classify(commandError(`${prefix}error: update failed`), ["ray-service: image pull failed"]);
    equal(problem.kind, "update-failed");
    equal(problem.what, "ray-service: image pull failed");
  });

  it("finds the errors in the CLI's output where the engine named none", () => {
    equal(
      classify(commandError(`${prefix}error: boom happened\nerror: update failed\nDuration: 1s`)).what,
      "boom happened",
    );
  });

  it("calls an error of its own unexpected", () => {
    equal(classify(new TypeError("x is not a function")).kind, "unexpected");
  });

  it("keeps a problem that is one already", () => {
    equal(classify(new ProblemError("gate", "It fell.", "Look.")).kind, "gate");
  });

  it("has an exit code for every kind, never 0", () => {
    for (const [kind, code] of Object.entries(exitCodes)) equal(code > 0, true, kind);
  });
});
