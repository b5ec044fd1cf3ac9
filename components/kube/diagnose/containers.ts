import { PDF_LIBRARIES } from "../../specs/pdfLibraries.ts";
import type { ContainerStatus, Pod } from "../objects.ts";
import { lastLines, type Reason } from "./reason.ts";
import { ageSeconds, logKey, podTitle, type Snapshot } from "./snapshot.ts";

const IMAGE_REASONS = new Set(["ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull"]);
const CREATE_REASONS = new Set(["CreateContainerConfigError", "CreateContainerError", "RunContainerError"]);

/** A registry may fail once; after this long the image's name or the credentials are wrong. */
const IMAGE_HOPELESS_SECONDS = 45;
const CREATE_HOPELESS_SECONDS = 30;
const CRASH_HOPELESS_SECONDS = 60;
/** An init container that runs this long is reported. */
const INIT_SLOW_SECONDS = 30;

/** What to do about an init container that fails or takes long, by its name. */
const INIT_FIXES: Readonly<Record<string, string>> = {
  "wait-gcs-ready": "It waits for the Ray head. Check the head pod, and the network policies between the two pods.",
  [PDF_LIBRARIES]:
    "It installs the PDF libraries from a package index. Check pdfLibraries.index or the secret packageIndex, set pdfLibraries.install to ifPossible, with which the head starts without them, or name an image that has them (images.head).",
};

/** Why the containers of one pod do not run. */
export function containerReasons(snapshot: Snapshot, pod: Pod): Reason[] {
  const inits = pod.status?.initContainerStatuses ?? [];
  const containers = pod.status?.containerStatuses ?? [];
  return [
    ...inits.flatMap((container) => [
      ...containerReason(snapshot, pod, container),
      ...slowInit(snapshot, pod, container),
    ]),
    ...containers.flatMap((container) => containerReason(snapshot, pod, container)),
  ];
}

function containerReason(snapshot: Snapshot, pod: Pod, container: ContainerStatus): Reason[] {
  const waiting = container.state?.waiting;
  const key = (problem: string) => `${problem}:${roleOf(pod)}/${container.name}`;
  if (waiting?.reason !== undefined && IMAGE_REASONS.has(waiting.reason)) {
    return [
      {
        key: `image:${roleOf(pod)}/${container.image}`,
        text: `The image ${container.image ?? "(unnamed)"} of ${podTitle(pod)} cannot be pulled (${waiting.reason}).`,
        lastWords: lastLines(pullMessage(snapshot, pod, waiting.message), 3),
        fix: "Check the image's name and tag, and images.pullSecrets if the registry asks for a login.",
        rank: 10,
        hopelessAfterSeconds: IMAGE_HOPELESS_SECONDS,
      },
    ];
  }
  if (waiting?.reason !== undefined && CREATE_REASONS.has(waiting.reason)) {
    return [
      {
        key: key("create"),
        text: `Container ${container.name} of ${podTitle(pod)} cannot be created (${waiting.reason}).`,
        lastWords: lastLines(waiting.message ?? "", 3),
        fix: "A Secret or ConfigMap that the container uses may be missing, or the image may need another user (rayService.podSecurity).",
        rank: 12,
        hopelessAfterSeconds: CREATE_HOPELESS_SECONDS,
      },
    ];
  }
  const ended = container.state?.terminated ?? container.lastState?.terminated;
  if (ended === undefined || ended.exitCode === 0) return [];
  const initFix = INIT_FIXES[container.name];
  const log = lastLines(snapshot.logs[logKey(pod.metadata.name, container.name)] ?? ended.message ?? "");
  if (ended.reason === "OOMKilled") {
    return [
      {
        key: key("oom"),
        text: `Container ${container.name} of ${podTitle(pod)} ran out of memory and was killed (OOMKilled).`,
        lastWords: log,
        fix: initFix ?? `Raise ${roleOf(pod) === "head" ? "head" : "worker"}.memory; /dev/shm counts against it.`,
        rank: 14,
        hopelessAfterSeconds: CRASH_HOPELESS_SECONDS,
      },
    ];
  }
  return [
    {
      key: key("crash"),
      text: `Container ${container.name} of ${podTitle(pod)} stopped with exit code ${ended.exitCode} (restarts: ${container.restartCount}).`,
      lastWords: log,
      ...(initFix ? { fix: initFix } : {}),
      rank: 20,
      hopelessAfterSeconds: CRASH_HOPELESS_SECONDS,
    },
  ];
}

function slowInit(snapshot: Snapshot, pod: Pod, container: ContainerStatus): Reason[] {
  const since = container.state?.running?.startedAt;
  if (since === undefined || ageSeconds(snapshot, since) < INIT_SLOW_SECONDS) return [];
  const initFix = INIT_FIXES[container.name];
  return [
    {
      key: `init:${roleOf(pod)}/${container.name}`,
      text: `Init container ${container.name} of ${podTitle(pod)} has been running for ${Math.round(ageSeconds(snapshot, since))} s.`,
      lastWords: lastLines(snapshot.logs[logKey(pod.metadata.name, container.name)] ?? "", 5),
      ...(initFix ? { fix: initFix } : {}),
      rank: 40,
    },
  ];
}

/** The kubelet's most detailed message: a back-off hides the cause, which the event of the failed pull has. */
function pullMessage(snapshot: Snapshot, pod: Pod, message: string | undefined): string {
  const failed = snapshot.events.findLast(
    (event) =>
      event.involvedObject.name === pod.metadata.name &&
      event.reason === "Failed" &&
      event.message?.startsWith("Failed to pull image") === true,
  );
  return failed?.message ?? message ?? "";
}

/** Pods are replaced under new names; the role is what stays. */
export function roleOf(pod: Pod): string {
  return (
    pod.metadata.labels?.["ray.io/node-type"] ??
    pod.metadata.labels?.["batch.kubernetes.io/job-name"] ??
    pod.metadata.name
  );
}
