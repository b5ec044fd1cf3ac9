/**
 * The fields of Kubernetes objects that this folder reads, as the API server's JSON spells them. What the stack writes
 * has types of its own in specs/kubernetes.ts.
 */

export interface Meta {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly generation?: number;
  readonly resourceVersion?: string;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly deletionGracePeriodSeconds?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly { readonly kind: string; readonly name: string; readonly uid: string }[];
}

export interface List<T> {
  readonly items: readonly T[];
}

export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
}

export interface ContainerState {
  readonly waiting?: { readonly reason?: string; readonly message?: string };
  readonly running?: { readonly startedAt?: string };
  readonly terminated?: {
    readonly exitCode: number;
    readonly reason?: string;
    readonly message?: string;
    readonly finishedAt?: string;
  };
}

export interface ContainerStatus {
  readonly name: string;
  readonly image?: string;
  readonly ready?: boolean;
  readonly restartCount: number;
  readonly state?: ContainerState;
  readonly lastState?: ContainerState;
}

export interface Pod {
  readonly metadata: Meta;
  readonly spec?: { readonly nodeName?: string };
  readonly status?: {
    readonly phase?: string;
    readonly reason?: string;
    readonly message?: string;
    readonly podIP?: string;
    readonly conditions?: readonly Condition[];
    readonly initContainerStatuses?: readonly ContainerStatus[];
    readonly containerStatuses?: readonly ContainerStatus[];
  };
}

export interface KubeEvent {
  readonly metadata: Meta;
  readonly type?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly count?: number;
  readonly lastTimestamp?: string | null;
  readonly eventTime?: string | null;
  readonly involvedObject: { readonly kind: string; readonly name: string; readonly uid?: string };
}

export interface Claim {
  readonly metadata: Meta;
  readonly spec?: { readonly storageClassName?: string };
  readonly status?: { readonly phase?: string };
}

export interface JobObject {
  readonly metadata: Meta;
  readonly status?: {
    readonly active?: number;
    readonly succeeded?: number;
    readonly failed?: number;
    readonly conditions?: readonly Condition[];
  };
}

/** One Serve application in the status of a RayService. */
export interface ServeApplicationStatus {
  readonly status?: string;
  readonly message?: string;
  readonly serveDeploymentStatuses?: Readonly<Record<string, { readonly status?: string; readonly message?: string }>>;
}

export interface RayClusterServeStatus {
  readonly rayClusterName?: string;
  readonly applicationStatuses?: Readonly<Record<string, ServeApplicationStatus>>;
}

export interface RayServiceObject {
  readonly metadata: Meta;
  readonly spec?: {
    readonly serveConfigV2?: string;
    readonly rayClusterConfig?: { readonly authOptions?: { readonly mode?: string; readonly secretName?: string } };
  };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly numServeEndpoints?: number;
    readonly conditions?: readonly Condition[];
    readonly activeServiceStatus?: RayClusterServeStatus;
    readonly pendingServiceStatus?: RayClusterServeStatus;
  };
}

export interface ServiceObject {
  readonly metadata: Meta;
  readonly spec?: {
    readonly type?: string;
    readonly loadBalancerClass?: string;
    readonly ports?: readonly {
      readonly name?: string;
      readonly port: number;
      readonly targetPort?: number | string;
    }[];
    readonly selector?: Readonly<Record<string, string>>;
  };
  readonly status?: {
    readonly loadBalancer?: { readonly ingress?: readonly { readonly hostname?: string; readonly ip?: string }[] };
    readonly conditions?: readonly Condition[];
  };
}

/** The condition of one type, such as "Ready"; undefined if the object does not have it. */
export function condition(conditions: readonly Condition[] | undefined, type: string): Condition | undefined {
  return conditions?.find((one) => one.type === type);
}
