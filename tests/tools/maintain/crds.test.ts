import { deepEqual, equal, rejects } from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { versions } from "../../../components/config/versions.ts";
import { fetchChart, kuberayChart } from "../../../tools/maintain/crds.ts";

/** A Helm repository on this machine with one chart, "operator" 1.2.3. */
describe("fetchChart", () => {
  let folder: string;
  let server: Server;
  let repository: string;
  let files: Record<string, string | Buffer>;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "ocr-test-"));
    mkdirSync(join(folder, "operator/crds"), { recursive: true });
    writeFileSync(join(folder, "operator/crds/things.yaml"), "kind: CustomResourceDefinition\n");
    execFileSync("tar", ["-czf", "operator.tgz", "operator"], { cwd: folder });
    const archive = readFileSync(join(folder, "operator.tgz"));
    const digest = createHash("sha256").update(archive).digest("hex");
    files = {
      "/charts/index.yaml": stringify({
        entries: {
          operator: [
            { version: "1.2.4", urls: ["operator-1.2.4.tgz"] },
            { version: "1.2.3", urls: ["archives/operator.tgz"], digest },
          ],
        },
      }),
      "/charts/archives/operator.tgz": archive,
    };
    server = createServer(({ url = "" }, response) => {
      response.statusCode = files[url] === undefined ? 404 : 200;
      response.end(files[url]);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    repository = `http://127.0.0.1:${(server.address() as AddressInfo).port}/charts`;
  });
  afterEach(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  const target = () => join(folder, "cache", "operator-1.2.3");
  const leftOver = () => (existsSync(join(folder, "cache")) ? readdirSync(join(folder, "cache")) : []);

  for (const end of ["", "/"]) {
    it(`unpacks the chart of that version; the repository's address ends with "${end}"`, async () => {
      await fetchChart({ repository: repository + end, name: "operator", version: "1.2.3" }, target());
      equal(readFileSync(join(target(), "crds/things.yaml"), "utf8"), "kind: CustomResourceDefinition\n");
      deepEqual(leftOver(), ["operator-1.2.3"]);
    });
  }

  it("refuses an archive that is not the one of the index, and leaves nothing", async () => {
    files["/charts/archives/operator.tgz"] = "something else";
    const chart = { repository, name: "operator", version: "1.2.3" };
    await rejects(fetchChart(chart, target()), /archives\/operator\.tgz has the SHA-256 [0-9a-f]{64}; .* promises/);
    deepEqual(leftOver(), []);
  });

  it("says what tar says of an archive that it cannot read", async () => {
    files["/charts/index.yaml"] = stringify({ entries: { operator: [{ version: "1.2.3", urls: ["broken.tgz"] }] } });
    files["/charts/broken.tgz"] = "not an archive";
    const chart = { repository, name: "operator", version: "1.2.3" };
    await rejects(fetchChart(chart, target()), /tar cannot unpack broken\.tgz: .*\S/);
    deepEqual(leftOver(), []);
  });

  it("says which versions there are", async () => {
    const chart = { repository, name: "operator", version: "9.9.9" };
    await rejects(fetchChart(chart, target()), /has no operator 9\.9\.9 \(it has 1\.2\.4, 1\.2\.3\)/);
    await rejects(fetchChart({ ...chart, name: "other" }, target()), /has no chart of this name/);
  });

  it("says what could not be fetched", async () => {
    delete files["/charts/archives/operator.tgz"];
    const chart = { repository, name: "operator", version: "1.2.3" };
    await rejects(fetchChart(chart, target()), /Cannot fetch .*operator\.tgz: the answer is 404/);
    await rejects(
      fetchChart({ ...chart, repository: "http://127.0.0.1:1/" }, target()),
      /Cannot fetch .*:1\/index\.yaml/,
    );
  });
});

describe("kuberayChart", () => {
  it("is another folder for another version", () =>
    equal(kuberayChart.endsWith(versions.charts.kuberay.version), true));
});
