// Pulumi's plugin host loads a package with a plain require(), which cannot read TypeScript; tsx adds that.
process.env.TSX_DISABLE_CACHE = "1"; // see tsx.mjs
require("tsx/cjs/api").register();
const { DeepSeekOcr } = require("./index.ts");

module.exports = { DeepSeekOcr };
