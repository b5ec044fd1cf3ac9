import { condition, type Pod } from "../objects.ts";
import { containerReasons, roleOf } from "./containers.ts";
import { lastLines, type Reason } from "./reason.ts";
import { podTitle, type Snapshot } from "./snapshot.ts";

/** Why each pod does not run. */
export function podReasons(snapshot: Snapshot): Reason[] {
  return snapshot.pods.flatMap((pod) =>
    pod.metadata.deletionTimestamp === undefined
      ? [...unschedulable(pod), ...evicted(pod), ...containerReasons(snapshot, pod)]
      : containerReasons(snapshot, asBeforeDeletion(pod)),
  );
}

/**
 * A pod that is being deleted, with only those containers that had ended before: KubeRay deletes a Ray pod whose
 * container failed, while a container that ends because its pod is deleted tells nothing.
 */
function asBeforeDeletion(pod: Pod): Pod {
  const { deletionTimestamp = "", deletionGracePeriodSeconds = 0 } = pod.metadata;
  const deleted = Date.parse(deletionTimestamp) - deletionGracePeriodSeconds * 1_000;
  const ended = (pod.status?.containerStatuses ?? []).filter(
    ({ state }) => Date.parse(state?.terminated?.finishedAt ?? "") <= deleted,
  );
  return { ...pod, status: { ...pod.status, initContainerStatuses: [], containerStatuses: ended } };
}

function unschedulable(pod: Pod): Reason[] {
  const scheduled = condition(pod.status?.conditions, "PodScheduled");
  if (scheduled?.status !== "False" || scheduled.reason !== "Unschedulable") return [];
  const { what, fix } = explainScheduler(scheduled.message ?? "", roleOf(pod) === "head" ? "head" : "worker");
  return [
    {
      key: `unschedulable:${roleOf(pod)}`,
      text: `No node can run the ${podTitle(pod)}: ${what}.`,
      lastWords: lastLines(scheduled.message ?? "", 3),
      fix,
      rank: 15,
    },
  ];
}

/** The scheduler's message in plain words, the most likely cause first. */
export function explainScheduler(message: string, section: "head" | "worker"): { what: string; fix: string } {
  if (/unbound immediate PersistentVolumeClaims|persistentvolumeclaim .* not found/i.test(message)) {
    return {
      what: "its volume is not bound",
      fix: "Check the PersistentVolumeClaim against cache.storageClass, cache.accessMode and cache.size.",
    };
  }
  const short = [...message.matchAll(/Insufficient ([^\s,;]+?)[.,;]?(?=\s|$)/g)].map((match) => match[1] ?? "");
  if (short.some((resource) => resource.includes("gpu"))) {
    return {
      what: "no node has a free GPU",
      fix: "Add a GPU node, wait for another service to free one, or set scaling.initialReplicas to 0. `kubectl get nodes -o custom-columns=NAME:.metadata.name,GPU:.status.allocatable.nvidia\\.com/gpu` shows the GPUs of each node.",
    };
  }
  if (short.length > 0) {
    return {
      what: `no node has enough ${[...new Set(short)].join(" and ")}`,
      fix: `Lower ${short.map((resource) => `${section}.${resource}`).join(" and ")}, or add a larger node.`,
    };
  }
  if (/untolerated taint/.test(message)) {
    return {
      what: "every node has a taint that the pod does not tolerate",
      fix: `Add the taint to ${section}.tolerations.`,
    };
  }
  if (/node affinity|node selector/.test(message)) {
    return {
      what: "no node has the labels that the pod selects",
      fix: `Check ${section}.nodeSelector against \`kubectl get nodes --show-labels\`.`,
    };
  }
  return { what: "the scheduler found no node for it", fix: "See the scheduler's message above." };
}

function evicted(pod: Pod): Reason[] {
  if (pod.status?.phase !== "Failed" || pod.status.reason === undefined) return [];
  return [
    {
      key: `evicted:${roleOf(pod)}`,
      text: `The ${podTitle(pod)} failed (${pod.status.reason}).`,
      lastWords: lastLines(pod.status.message ?? "", 3),
      rank: 18,
    },
  ];
}
