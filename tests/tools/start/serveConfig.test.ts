import { deepEqual, equal } from "node:assert/strict";
import { defaults } from "../../../components/config/defaults.ts";
import { localServeConfig } from "../../../tools/start/serveConfig.ts";

describe("serve config of this machine", () => {
  const config = localServeConfig("cpu", 8123);
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

  it("asks for no GPU", () => deepEqual(engine?.ray_actor_options, { num_cpus: 1, num_gpus: 0 }));
});
