/** What a run measures; written to docs/benchmarks/results.json as it is. */
export interface Results {
  readonly machine: Machine;
  readonly latency?: Readonly<Record<string, Latency>>;
  readonly throughput?: Readonly<Record<string, Throughput>>;
  readonly wake?: Readonly<Record<string, readonly Wake[]>>;
  readonly memory?: Memory;
  readonly documents?: Documents;
}

export interface Machine {
  readonly date: string;
  readonly commit: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly system: string;
  readonly node: string;
  /** Load average over one minute when the run began and when it ended; above the cores, figures are worth little. */
  readonly load: readonly [before: number, after: number];
}

/** Milliseconds for one request, the service against the same app under plain uvicorn. */
export interface Latency {
  readonly bytes: number;
  readonly service_p50: number;
  readonly service_p95: number;
  readonly plain_p50: number;
  readonly plain_p95: number;
  readonly added_p50: number;
  readonly added_p95: number;
}

/** Pages a second. */
export interface Throughput {
  readonly service: number;
  readonly direct: number;
  /** service / direct */
  readonly share: number;
}

/** Seconds after the request. */
export interface Wake {
  readonly asked_for?: number;
  readonly replica_runs?: number;
  readonly ready?: number;
  readonly answered: number;
}

/** Proportional set size of all processes, in bytes. */
export interface Memory {
  readonly engineAsleep: number;
  readonly engineReady: number;
}

/** PDFs through `/v1/ocr`. */
export interface Documents {
  /** Engine `null`, and PDFium alone on all cores: drawing pages, and making image files of them too; pages a second. */
  readonly null: {
    readonly service: number;
    readonly drawn: number;
    readonly encoded: number;
    readonly long: LongDocument;
  };
  /** Engine `cpu`, and the engine called directly with the same pages as images by two clients; pages a second. */
  readonly cpu: { readonly service: number; readonly direct: number };
}

/** A PDF of 1,000 pages as a stream. */
export interface LongDocument {
  readonly pages_per_s: number;
  readonly first_page_s: number;
  readonly first_page_alone_s: number;
  /** Api and its child processes, from page 50 to the last one. */
  readonly memory_grown_bytes: number;
  /** Milliseconds of `GET /health` meanwhile. */
  readonly health: { readonly p50: number; readonly p99: number; readonly longest: number };
}
