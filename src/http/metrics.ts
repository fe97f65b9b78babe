import { Counter, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

export interface OperationObserved {
  readonly appId: string;
  readonly kind: string;
  readonly failed: boolean;
  readonly durationMs: number;
}

export interface RequestObserved {
  readonly method: string;
  /** The route's pattern, never the path asked for. */
  readonly route: string;
  readonly status: number;
  readonly durationMs: number;
}

export interface Metrics {
  /** For the worker's `onOutcome`. */
  observeOperation(observed: OperationObserved): void;
  observeRequest(observed: RequestObserved): void;
  readonly contentType: string;
  /** All metrics in Prometheus' text format. */
  text(): Promise<string>;
}

/** Apps that get a label of their own; the others share one, so that no label set grows without end. */
const labelledAppsMax = 1_000;
const operationBuckets = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const requestBuckets = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const operations = new Counter({
    name: 'usher_ops_total',
    help: 'App users brought to their desired state, by app, kind of action and result.',
    labelNames: ['app', 'kind', 'result'],
    registers,
  });
  const operationSeconds = new Histogram({
    name: 'usher_op_duration_seconds',
    help: 'Time one app user took, from the decision to its outcome.',
    labelNames: ['app', 'kind'],
    buckets: operationBuckets,
    registers,
  });
  const requests = new Counter({
    name: 'usher_http_requests_total',
    help: 'Requests answered, by method, route and status.',
    labelNames: ['method', 'route', 'status'],
    registers,
  });
  const requestSeconds = new Histogram({
    name: 'usher_http_request_duration_seconds',
    help: 'Time a request took, from its first byte to the end of the answer.',
    labelNames: ['method', 'route'],
    buckets: requestBuckets,
    registers,
  });
  const apps = new Set<string>();
  const appLabel = (appId: string) => {
    if (apps.size < labelledAppsMax) apps.add(appId);
    return apps.has(appId) ? appId : 'other';
  };
  return {
    observeOperation: ({ appId, kind, failed, durationMs }) => {
      const app = appLabel(appId);
      operations.inc({ app, kind, result: failed ? 'failure' : 'success' });
      operationSeconds.observe({ app, kind }, durationMs / 1_000);
    },
    observeRequest: ({ method, route, status, durationMs }) => {
      requests.inc({ method, route, status });
      requestSeconds.observe({ method, route }, durationMs / 1_000);
    },
    contentType: registry.contentType,
    text: () => registry.metrics(),
  };
}
