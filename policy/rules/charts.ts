import { isRelease, type Rule, unknown } from "../resource.ts";

const exact = /^v?\d+\.\d+\.\d+([-+][0-9A-Za-z.+-]+)?$/;
/** A chart on disk has no version of its own to pin. */
const local = /^(\.{0,2}\/|[A-Za-z]:\\)|\.tgz$/;

export const pinnedCharts: Rule = {
  name: "pinned-charts",
  description: "Every Helm chart has an exact version.",
  check: (resource) => {
    if (!isRelease(resource)) return [];
    const { chart, version } = resource.props;
    if (version === unknown || chart === unknown) return [];
    if (typeof chart === "string" && (local.test(chart) || chart.includes("@sha256:"))) return [];
    if (typeof version === "string" && exact.test(version)) return [];
    const seen = version === undefined || version === "" ? "no version" : `"${String(version)}"`;
    return [`version: chart "${String(chart)}" has ${seen}; write one exact version, such as "1.7.0".`];
  },
};
