import { condition } from "../objects.ts";
import { lastLines, type Reason } from "./reason.ts";
import { ageSeconds, JOB_NAME_LABEL, lastSeen, logKey, type Snapshot } from "./snapshot.ts";

/** Volumes, the Job that fills the model cache, and what the API server refuses to create. */
export function surroundingReasons(snapshot: Snapshot): Reason[] {
  return [...claimReasons(snapshot), ...jobReasons(snapshot), ...refusedReasons(snapshot)];
}

function claimReasons(snapshot: Snapshot): Reason[] {
  return snapshot.claims
    .filter((claim) => claim.status?.phase === "Pending" || claim.status?.phase === "Lost")
    .map((claim) => {
      const said = snapshot.events.findLast(
        (event) =>
          event.involvedObject.kind === "PersistentVolumeClaim" && event.involvedObject.name === claim.metadata.name,
      );
      return {
        key: `claim:${claim.metadata.name}`,
        text: `The PersistentVolumeClaim ${claim.metadata.name} (storage class ${claim.spec?.storageClassName ?? "none"}) is not bound.`,
        lastWords: lastLines(said?.message ?? "", 3),
        fix: "Compare cache.storageClass with `kubectl get storageclass`. The class may not support cache.accessMode.",
        // A class that waits for its first consumer leaves the claim pending while another reason keeps the pod away.
        rank: said?.reason === "WaitForFirstConsumer" ? 60 : 16,
      };
    });
}

function jobReasons(snapshot: Snapshot): Reason[] {
  return snapshot.jobs.flatMap((job): Reason[] => {
    const failed = condition(job.status?.conditions, "Failed");
    const pods = snapshot.pods.filter((pod) => pod.metadata.labels?.[JOB_NAME_LABEL] === job.metadata.name);
    const log = pods
      .flatMap((pod) =>
        (pod.status?.containerStatuses ?? []).map((one) => snapshot.logs[logKey(pod.metadata.name, one.name)]),
      )
      .findLast((text) => text !== undefined && text.trim() !== "");
    if (failed?.status === "True") {
      return [
        {
          key: `job:${job.metadata.name}`,
          text: `The Job ${job.metadata.name}, which downloads the model, failed (${failed.reason ?? "no reason given"}: ${failed.message ?? ""}).`,
          lastWords: lastLines(log ?? ""),
          fix: "Check the network, app.vllm.model, app.vllm.revision and the Hugging Face token, then run `pulumi up` again. What was downloaded is kept.",
          rank: 6,
          hopelessAfterSeconds: 0,
        },
      ];
    }
    if ((job.status?.succeeded ?? 0) > 0 || (job.status?.active ?? 0) === 0) return [];
    return [
      {
        key: `job:${job.metadata.name}:active`,
        text: `The Job ${job.metadata.name} is still downloading the model (failed attempts: ${job.status?.failed ?? 0}).`,
        lastWords: lastLines(log ?? "", 3),
        rank: 35,
      },
    ];
  });
}

/** Controllers keep trying; an event that has not been repeated for this long is out of date. */
const FRESH_SECONDS = 45;

const REFUSED: readonly { pattern: RegExp; what: string; fix: string }[] = [
  {
    pattern: /exceeded quota/i,
    what: "a ResourceQuota of the namespace forbids it",
    fix: "Raise the quota, or lower the cpu and memory settings of head and worker.",
  },
  {
    pattern: /admission webhook/i,
    what: "an admission webhook of the cluster refuses it",
    fix: "Its message says which rule was broken; ask the people who run the webhook.",
  },
  {
    pattern: /violates PodSecurity/i,
    what: "the namespace's Pod Security level refuses it",
    fix: "Set rayService.podSecurity to true, or relax the level of the namespace.",
  },
  {
    pattern: /forbidden/i,
    what: "it is forbidden",
    fix: "Check what the message names: a priority class, a limit range or a permission of the operator.",
  },
];

/** Objects that the operator, a Job or a ReplicaSet could not create, and configurations that Serve refuses. */
function refusedReasons(snapshot: Snapshot): Reason[] {
  const said = snapshot.events.findLast(
    (event) =>
      event.type === "Warning" &&
      /^Failed(To)?(Create|UpdateServe)/.test(event.reason ?? "") &&
      ageSeconds(snapshot, lastSeen(event)) < FRESH_SECONDS,
  );
  if (said === undefined) return [];
  if (said.reason === "FailedToUpdateServeApplications") {
    return [
      {
        key: "serve-config",
        text: "KubeRay could not send the Serve configuration to the Ray head.",
        lastWords: lastLines(said.message ?? "", 4),
        rank: 11,
        // A head that has just started is not listening yet, and that passes.
        hopelessAfterSeconds: 90,
      },
    ];
  }
  const known = REFUSED.find(({ pattern }) => pattern.test(said.message ?? ""));
  const object = `${said.involvedObject.kind} ${said.involvedObject.name}`;
  return [
    {
      key: `refused:${said.involvedObject.kind}`,
      text: `${object} could not create what it needs${known === undefined ? "" : `: ${known.what}`} (${said.reason}).`,
      lastWords: lastLines(said.message ?? "", 3),
      ...(known === undefined ? {} : { fix: known.fix }),
      rank: 9,
      ...(known === undefined ? {} : { hopelessAfterSeconds: 30 }),
    },
  ];
}
