import assert from "node:assert/strict";
import { diagnose, formatReason, type Snapshot } from "../../../../components/kube/diagnose/index.ts";
import { explainScheduler } from "../../../../components/kube/diagnose/pods.ts";
import { recorded } from "./recorded.ts";

const first = (name: string) => diagnose(recorded(name))[0];

describe("kube/diagnose", () => {
  it("tells an image that cannot be pulled once, with the kubelet's own message", () => {
    const reasons = diagnose(recorded("imagePull"));
    assert.equal(reasons.length, 1);
    assert.match(
      reasons[0]?.text ?? "",
      /^The image registry\.invalid\/ocr:9\.9\.9 of head pod fx-image-\S+ cannot be pulled/,
    );
    assert.match(
      reasons[0]?.lastWords?.join("\n") ?? "",
      /failed to resolve reference "registry\.invalid\/ocr:9\.9\.9"/,
    );
    assert.equal(reasons[0]?.hopelessAfterSeconds, 45);
  });

  it("tells a Secret that is missing", () => {
    const reason = first("missingSecret");
    assert.match(reason?.text ?? "", /cannot be created \(CreateContainerConfigError\)/);
    assert.deepEqual(reason?.lastWords, ['secret "missing" not found']);
  });

  it("tells that no node has a free GPU, which may pass", () => {
    const reason = first("noGpu");
    assert.match(reason?.text ?? "", /^No node can run the head pod \S+: no node has a free GPU\.$/);
    assert.equal(reason?.hopelessAfterSeconds, undefined);
  });

  it("tells that no node is large enough, and which setting to lower", () => {
    const reason = first("noMemory");
    assert.match(reason?.text ?? "", /no node has enough cpu and memory/);
    assert.match(reason?.fix ?? "", /head\.cpu and head\.memory/);
  });

  it("tells a pod that KubeRay already deletes because its container ran out of memory", () => {
    const reason = first("outOfMemory");
    assert.match(reason?.text ?? "", /ran out of memory and was killed \(OOMKilled\)/);
    assert.match(reason?.fix ?? "", /head\.memory/);
  });

  it("gives the last lines of a container that crashed", () => {
    const reason = first("crash");
    assert.match(reason?.text ?? "", /stopped with exit code 1/);
    assert.match(reason?.lastWords?.at(-1) ?? "", /^ValueError: Attempting to cap object store memory usage/);
  });

  it("says nothing about a container that ended because its pod was deleted", () => {
    const snapshot = recorded("crash");
    const pods = snapshot.pods.map((pod) => ({
      ...pod,
      status: {
        ...pod.status,
        containerStatuses: (pod.status?.containerStatuses ?? []).map((status) => ({
          ...status,
          state: { terminated: { exitCode: 1, finishedAt: pod.metadata.deletionTimestamp ?? "" } },
        })),
      },
    }));
    assert.deepEqual(diagnose({ ...snapshot, pods }), []);
  });

  it("tells a quota that forbids the pod", () => {
    const reason = first("quota");
    assert.match(reason?.text ?? "", /a ResourceQuota of the namespace forbids it/);
    assert.match(reason?.lastWords?.join("") ?? "", /exceeded quota: q/);
  });

  it("forgets an event that has not been repeated", () => {
    const snapshot = recorded("quota");
    assert.deepEqual(diagnose({ ...snapshot, now: new Date(snapshot.now.getTime() + 600_000) }), []);
  });

  it("tells an application that Serve could not start, with the end of the traceback", () => {
    const reason = first("badImport");
    assert.match(reason?.text ?? "", /could not start the application deepseek-ocr \(DEPLOY_FAILED\)/);
    assert.equal(reason?.lastWords?.at(-1), "ModuleNotFoundError: No module named 'nope'");
  });

  it("tells that KubeRay gave up, and that the next up helps", () => {
    const reason = first("initializingTimeout");
    assert.match(reason?.text ?? "", /KubeRay gave up on RayService fx-gpu/);
    assert.match(reason?.fix ?? "", /The next `pulumi up` replaces it/);
    assert.equal(reason?.hopelessAfterSeconds, 0);
  });

  it("tells a model download that failed, with the Job's last words", () => {
    const job = {
      metadata: { name: "prefetch" },
      status: {
        failed: 4,
        conditions: [
          {
            type: "Failed",
            status: "True",
            reason: "BackoffLimitExceeded",
            message: "Job has reached the specified backoff limit",
          },
        ],
      },
    };
    const pod = {
      metadata: { name: "prefetch-x", labels: { "batch.kubernetes.io/job-name": "prefetch" } },
      status: { containerStatuses: [{ name: "prefetch", restartCount: 0, state: { terminated: { exitCode: 1 } } }] },
    };
    const snapshot: Snapshot = {
      pods: [pod],
      events: [],
      claims: [],
      jobs: [job],
      logs: { "prefetch-x/prefetch": "downloading\n401 Client Error: Unauthorized\n" },
      now: new Date(),
    };
    const reason = diagnose(snapshot)[0];
    assert.match(reason?.text ?? "", /The Job prefetch, which downloads the model, failed \(BackoffLimitExceeded/);
    assert.equal(reason?.lastWords?.at(-1), "401 Client Error: Unauthorized");
  });

  describe("of PDF libraries that cannot be installed", () => {
    const snapshot = (status: object, log: string): Snapshot => ({
      pods: [
        {
          metadata: { name: "head-x", labels: { "ray.io/node-type": "head" } },
          status: {
            initContainerStatuses: [{ name: "pdf-libraries", restartCount: 2, ...status }],
            containerStatuses: [
              { name: "ray-head", restartCount: 0, state: { waiting: { reason: "PodInitializing" } } },
            ],
          },
        },
      ],
      events: [],
      claims: [],
      jobs: [],
      logs: { "head-x/pdf-libraries": log },
      now: new Date("2026-11-30T12:00:00Z"),
    });
    const waiting = { waiting: { reason: "CrashLoopBackOff" } };

    it("gives pip's last words and the settings that help", () => {
      const ended = { state: waiting, lastState: { terminated: { exitCode: 1, reason: "Error" } } };
      const log = "Retrying\nERROR: No matching distribution found for lxml==6.1.3\n";
      const [reason, ...rest] = diagnose(snapshot(ended, log));
      assert.equal(reason?.text, "Container pdf-libraries of head pod head-x stopped with exit code 1 (restarts: 2).");
      assert.equal(reason?.lastWords?.at(-1), "ERROR: No matching distribution found for lxml==6.1.3");
      assert.match(
        reason?.fix ?? "",
        /pdfLibraries\.index .*packageIndex.*pdfLibraries\.install to ifPossible.*images\.head/,
      );
      assert.equal(reason?.hopelessAfterSeconds, 60);
      assert.deepEqual(rest, []);
    });

    it("does not call the head's memory too small for its init container", () => {
      const killed = { state: waiting, lastState: { terminated: { exitCode: 137, reason: "OOMKilled" } } };
      const [reason] = diagnose(snapshot(killed, ""));
      assert.match(reason?.text ?? "", /pdf-libraries of head pod head-x ran out of memory/);
      assert.doesNotMatch(reason?.fix ?? "", /head\.memory/);
    });

    it("says what takes so long while the index does not answer", () => {
      const running = { state: { running: { startedAt: "2026-11-30T11:59:15Z" } } };
      const [reason] = diagnose(snapshot(running, "WARNING: Retrying (Retry(total=3)) after ConnectTimeoutError\n"));
      assert.equal(reason?.text, "Init container pdf-libraries of head pod head-x has been running for 45 s.");
      assert.match(reason?.fix ?? "", /package index/);
      assert.equal(reason?.hopelessAfterSeconds, undefined);
    });
  });

  it("tells a claim that is not bound, with what the provisioner said", () => {
    const claim = { metadata: { name: "cache" }, spec: { storageClassName: "fast" }, status: { phase: "Pending" } };
    const event = {
      metadata: { name: "e" },
      type: "Warning",
      reason: "ProvisioningFailed",
      message: 'storageclass "fast" not found',
      involvedObject: { kind: "PersistentVolumeClaim", name: "cache" },
    };
    const reason = diagnose({ pods: [], events: [event], claims: [claim], jobs: [], logs: {}, now: new Date() })[0];
    assert.match(reason?.text ?? "", /PersistentVolumeClaim cache \(storage class fast\) is not bound/);
    assert.deepEqual(reason?.lastWords, ['storageclass "fast" not found']);
  });

  it("finds the scheduler's causes", () => {
    const cases: [string, RegExp][] = [
      ["0/3 nodes are available: 3 Insufficient nvidia.com/gpu.", /free GPU/],
      ["0/3 nodes are available: 1 Insufficient cpu, 2 Insufficient memory.", /cpu and memory/],
      ["0/1 nodes are available: 1 node(s) had untolerated taint {nvidia.com/gpu: present}.", /taint/],
      ["0/2 nodes are available: 2 node(s) didn't match Pod's node affinity/selector.", /labels that the pod selects/],
      ["0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims.", /volume is not bound/],
      ["something new", /found no node/],
    ];
    for (const [message, expected] of cases) assert.match(explainScheduler(message, "worker").what, expected, message);
  });

  it("prints a reason with the cluster's own message and what to do", () => {
    const text = formatReason({ key: "k", text: "It broke.", lastWords: ["why"], fix: "Fix it.", rank: 1 });
    assert.equal(text, "It broke.\n    why\n  → Fix it.");
  });
});
