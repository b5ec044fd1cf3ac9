import { deepEqual, equal } from "node:assert/strict";
import { defaults } from "../../../components/config/defaults.ts";
import { localServeConfig } from "../../../tools/start/serveConfig.ts";

describe("serve config of this machine", () => {
  const config = localServeConfig("cpu", 8123, 8);
  const engine = config.applications[0]?.deployments.find(({ name }) => name === "Engine");

  it("listens on loopback only", () => {
    equal(config.http_options.host, "127.0.0.1");
    equal(config.http_options.port, 8123);
  });

  it("scales as on the cluster, with one replica from the start", () => {
    equal(engine?.autoscaling_config?.min_replicas, 0);
    equal(engine?.autoscaling_config?.max_replicas, defaults.scaling.maxReplicas);
    equal(engine?.autoscaling_config?.initial_replicas, 1);
    equal(engine?.autoscaling_config?.downscale_to_zero_delay_s, defaults.scaling.downscaleToZeroDelaySeconds);
  });

  it("has no more replicas than have cores for their threads", () => {
    const most = (engine: "cpu" | "null", cores: number) =>
      localServeConfig(engine, 8123, cores).applications[0]?.deployments.find(({ name }) => name === "Engine")
        ?.autoscaling_config?.max_replicas;
    deepEqual(
      [1, 2, 3, 4, 64].map((cores) => most("cpu", cores)),
      [1, 1, 1, 2, 2],
    );
    equal(most("null", 1), defaults.scaling.maxReplicas);
  });

  it("asks for no GPU", () => deepEqual(engine?.ray_actor_options, { num_cpus: 1, num_gpus: 0 }));
});
