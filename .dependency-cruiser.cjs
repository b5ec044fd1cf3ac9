/**
 * The floors of the house, lowest first: a file imports from its own floor and from those below. docs/architecture.md
 * explains them; tests/imports.test.ts keeps them. To see the graph: npx depcruise --output-type dot .
 */
const floors = [
  { name: "components/config", path: "^components/config/" },
  { name: "components/specs", path: "^components/specs/" },
  { name: "components/kube", path: "^components/kube/" },
  { name: "components", path: "^components/[^/]+$" },
  { name: "index.ts", path: "^index\\.ts$" },
  { name: "policy", path: "^policy/" },
  { name: "deploy", path: "^deploy/" },
  { name: "tools", path: "^tools/" },
  { name: "tests", path: "^tests/" },
];

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    ...floors.slice(0, -1).map(({ name, path }, index) => ({
      name,
      comment: `${name} imports nothing from the floors above it`,
      severity: "error",
      from: { path },
      to: { path: floors.slice(index + 1).map((above) => above.path) },
    })),
    {
      name: "serve-app",
      comment: "the application is another program, in Python: only its JSON files are read",
      severity: "error",
      from: { path: floors.map(({ path }) => path) },
      to: { path: "^serve-app/", pathNot: "\\.json$" },
    },
    {
      name: "no circle",
      comment: "files that import each other cannot be read one after the other",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "no circle between the folders of tools",
      comment: "each command has its folder; what two share is a folder of its own, as bootstrap and python are",
      severity: "error",
      scope: "folder",
      from: { path: "^tools/[^/]+$" },
      to: { circular: true, path: "^tools/[^/]+$" },
    },
    {
      name: "found",
      comment: "an import that is not found was left out of the graph",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    exclude: { path: "(^|/)node_modules/" },
    doNotFollow: { path: "^serve-app/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "require", "node", "default"] },
  },
};
