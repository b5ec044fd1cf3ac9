// Pulumi's plugin host loads a package with a plain require(), which knows no TypeScript; tsx does.
require("tsx/cjs/api").register();
const { DeepSeekOcr } = require("./index.ts");

module.exports = { DeepSeekOcr };
