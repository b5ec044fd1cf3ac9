import { existsSync } from "node:fs";

/** The virtual environment that `npm test` makes; absent where only Node packages are installed. */
export const python = existsSync(".venv/bin/python") ? ".venv/bin/python" : undefined;
