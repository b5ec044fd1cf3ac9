import { deepEqual, equal } from "node:assert/strict";
import { bypassProxies, proxyVariables } from "../../../tools/start/loopback.ts";

describe("loopback", () => {
  const bypassed = (env: NodeJS.ProcessEnv) => {
    bypassProxies(env);
    equal(env.no_proxy, env.NO_PROXY);
    return env.no_proxy;
  };

  it("adds this machine to the list, once, and keeps what is there", () => {
    equal(bypassed({}), "localhost,127.0.0.1,::1");
    equal(bypassed({ no_proxy: "mirror.example, .corp" }), "mirror.example,.corp,localhost,127.0.0.1,::1");
    equal(bypassed({ NO_PROXY: "127.0.0.1 mirror.example" }), "127.0.0.1,mirror.example,localhost,::1");
    const env = { no_proxy: "a" };
    bypassProxies(env);
    equal(bypassed(env), "a,localhost,127.0.0.1,::1");
  });

  it("leaves a * alone: with other names beside it, curl takes it for a name", () =>
    equal(bypassed({ no_proxy: "*" }), "*"));

  it("names the proxy variables, never their values", () =>
    deepEqual(
      proxyVariables({ http_proxy: "http://u:secret@p:1", HTTPS_PROXY: "http://p", NO_PROXY: "x", grpc_proxy: "" }),
      ["http_proxy", "HTTPS_PROXY"],
    ));
});
