import type { Settings } from "../config/settings.ts";
import type { ConfigMap } from "./kubernetes.ts";
import { labels, SERVICE } from "./names.ts";

interface Panel {
  readonly title: string;
  readonly unit: string;
  /** PromQL by legend. */
  readonly queries: Readonly<Record<string, string>>;
}

/** `ocr_*` are the front's own metrics (serve-app/ocr_app/api/metrics.py), `ray_*` Ray's, `DCGM_*` the GPU Operator's. */
const panels: readonly Panel[] = [
  { title: "Pages per second", unit: "ops", queries: { pages: "sum(rate(ocr_pages_total[1m]))" } },
  {
    title: "Requests by outcome",
    unit: "reqps",
    queries: { "{{outcome}}": "sum by (outcome) (rate(ocr_requests_total[1m]))" },
  },
  {
    title: "Latency",
    unit: "s",
    queries: {
      p50: "histogram_quantile(0.5, sum by (le) (rate(ocr_request_seconds_bucket[5m])))",
      p95: "histogram_quantile(0.95, sum by (le) (rate(ocr_request_seconds_bucket[5m])))",
    },
  },
  {
    title: "Queue",
    unit: "short",
    queries: {
      "in flight": "sum(ocr_requests_in_flight)",
      "wait p95 (s)": "histogram_quantile(0.95, sum by (le) (rate(ocr_queue_seconds_bucket[5m])))",
    },
  },
  { title: "Engine replicas", unit: "short", queries: { "{{kind}}": "max by (kind) (ocr_engine_replicas)" } },
  { title: "Engine state", unit: "short", queries: { "{{state}}": "max by (state) (ocr_engine_state)" } },
  {
    title: "Cold starts",
    unit: "short",
    queries: {
      "per hour": "sum(increase(ocr_cold_starts_total[1h]))",
      "seconds p95": "histogram_quantile(0.95, sum by (le) (rate(ocr_cold_start_seconds_bucket[1h])))",
    },
  },
  { title: "Tokens per second", unit: "ops", queries: { "{{kind}}": "sum by (kind) (rate(ocr_tokens_total[1m]))" } },
  {
    title: "GPU",
    unit: "percent",
    queries: {
      "busy {{gpu}}": "max by (gpu) (DCGM_FI_DEV_GPU_UTIL)",
      "memory {{gpu}}": "100 * max by (gpu) (DCGM_FI_DEV_FB_USED / (DCGM_FI_DEV_FB_USED + DCGM_FI_DEV_FB_FREE))",
    },
  },
  {
    title: "Ray nodes",
    unit: "short",
    queries: { active: "sum(ray_cluster_active_nodes)", pending: "sum(ray_cluster_pending_nodes)" },
  },
];

const WIDTH = 12;
const HEIGHT = 8;

/** A dashboard in a ConfigMap that Grafana's sidecar finds by its label. */
export function renderGrafanaDashboard(
  settings: Pick<Settings, "monitoring" | "namespace" | "location">,
): ConfigMap | undefined {
  if (!settings.monitoring.grafanaDashboard) return undefined;
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: {
      name: `${SERVICE}-dashboard`,
      namespace: settings.namespace.name,
      labels: { ...labels("monitoring"), grafana_dashboard: "1" },
    },
    data: { "deepseek-ocr.json": JSON.stringify(dashboard(settings.location), undefined, 1) },
  };
}

function dashboard(location: string) {
  return {
    title: `DeepSeek-OCR ${location}`,
    uid: `deepseek-ocr-${location}`.slice(0, 40),
    schemaVersion: 39,
    refresh: "10s",
    time: { from: "now-1h", to: "now" },
    templating: { list: [{ name: "datasource", type: "datasource", query: "prometheus" }] },
    panels: panels.map((panel, index) => ({
      id: index + 1,
      type: "timeseries",
      title: panel.title,
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of Grafana.
      datasource: { type: "prometheus", uid: "${datasource}" },
      fieldConfig: { defaults: { unit: panel.unit }, overrides: [] },
      gridPos: { x: (index % 2) * WIDTH, y: Math.floor(index / 2) * HEIGHT, w: WIDTH, h: HEIGHT },
      targets: Object.entries(panel.queries).map(([legendFormat, expr], at) => ({
        refId: String.fromCharCode(65 + at),
        expr,
        legendFormat,
      })),
    })),
  };
}
