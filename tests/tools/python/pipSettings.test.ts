import { deepEqual, equal } from "node:assert/strict";
import { uvVariables } from "../../../tools/python/pipSettings.ts";

describe("pip's settings for uv", () => {
  it("are none where pip has none", () => deepEqual(uvVariables(""), {}));

  it("carry over mirrors, folders of wheels, certificates, proxies and timeouts", () =>
    deepEqual(
      uvVariables(
        [
          ":env:.cert='/etc/ssl/corporate.pem'",
          ":env:.default-timeout='180'",
          ":env:.disable-pip-version-check='1'",
          "global.extra-index-url='\\nhttps://a/simple\\nhttps://b/simple'",
          "global.find-links='/opt/wheels /srv/wheels'",
          "global.index-url='https://user:p%40ss@mirror/simple'",
          "global.proxy='http://proxy:3128'",
          "install.trusted-host='mirror'",
        ].join("\n"),
      ),
      {
        ALL_PROXY: "http://proxy:3128",
        HTTP_PROXY: "http://proxy:3128",
        HTTPS_PROXY: "http://proxy:3128",
        SSL_CERT_FILE: "/etc/ssl/corporate.pem",
        UV_DEFAULT_INDEX: "https://user:p%40ss@mirror/simple",
        UV_FIND_LINKS: "/opt/wheels,/srv/wheels",
        UV_HTTP_TIMEOUT: "180",
        UV_INDEX: "https://a/simple https://b/simple",
        UV_INSECURE_HOST: "mirror",
      },
    ));

  it("follow pip's order: variables over the section of a command over the global one", () => {
    const lines = [
      ":env:.index-url='https://env'",
      "global.index-url='https://global'",
      "install.index-url='https://i'",
    ];
    equal(uvVariables(lines.join("\n"))?.UV_DEFAULT_INDEX, "https://env");
    equal(uvVariables(lines.slice(1).join("\n"))?.UV_DEFAULT_INDEX, "https://i");
  });

  it("leave the installation to pip where uv has no such setting", () => {
    equal(uvVariables("global.no-binary=':all:'"), undefined);
    equal(uvVariables("global.no-index='true'"), undefined);
  });

  it("ignore other commands' sections", () => deepEqual(uvVariables("wheel.no-binary=':all:'"), {}));
});
