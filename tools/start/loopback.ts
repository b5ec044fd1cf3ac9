/** Names of this machine that no proxy can reach for us. */
const LOOPBACK = ["localhost", "127.0.0.1", "::1"];
/** Variables with which Python's HTTP clients, gRPC, curl and Node (NODE_USE_ENV_PROXY) are given a proxy. */
const PROXIES = ["http_proxy", "https_proxy", "all_proxy", "grpc_proxy"];

/**
 * Let requests to this machine bypass every proxy, for this process and those that it starts. What the user's own list
 * holds stays; gRPC reads it in lower case only, other clients in either.
 */
export function bypassProxies(env: NodeJS.ProcessEnv = process.env): void {
  const own = (env.no_proxy ?? env.NO_PROXY ?? "").split(/[\s,]+/).filter(Boolean);
  const list = own.includes("*") ? "*" : [...new Set([...own, ...LOOPBACK])].join(",");
  env.no_proxy = list;
  env.NO_PROXY = list;
}

/** The proxy variables that are set, by name; their values may hold a password. */
export function proxyVariables(env: NodeJS.ProcessEnv = process.env): string[] {
  return PROXIES.flatMap((name) => [name, name.toUpperCase()]).filter((name) => env[name]);
}
