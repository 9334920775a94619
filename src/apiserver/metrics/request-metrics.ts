import type { ApiRequest, ApiResponse, WatchEvent } from '../../model/api-message.ts';
import { Histogram } from './histogram.ts';
import { type Labels, labelText, metricHead, metricLines } from './metric-text.ts';
import { requestLabels } from './request-labels.ts';

/** apiserver's buckets of request_duration_seconds. */
const BUCKETS = [0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60];
/** Beyond so many series nothing is added: what clients can name must not fill the memory. */
const MOST_SERIES = 5000;
const MUTATING: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH', 'APPLY', 'DELETE', 'DELETECOLLECTION']);

/** Counts and times the requests of a server, under the names and labels of apiserver's endpoints/metrics. */
export class RequestMetrics {
  readonly #now: () => number;
  readonly #total = new Map<string, number>();
  readonly #durations = new Map<string, { labels: Labels; histogram: Histogram }>();
  readonly #inFlight = { readOnly: 0, mutating: 0 };
  readonly #longRunning = new Map<string, number>();
  readonly #watchEvents = new Map<string, number>();

  /** `now` is in milliseconds and never goes back. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Answers a request by `answer`, which never rejects but for an aborted request, and notes how it went. */
  async measure(request: ApiRequest, answer: () => Promise<ApiResponse>): Promise<ApiResponse> {
    const started = this.#now();
    const labels = requestLabels(request);
    const watches = labels['verb'] === 'WATCH';
    const kind = MUTATING.has(labels['verb'] ?? '') ? 'mutating' : 'readOnly';
    if (!watches) this.#inFlight[kind]++;
    try {
      const response = await answer();
      if (!isUnknownPath(response)) this.#note(labels, response.status, (this.#now() - started) / 1000);
      if (response.events === undefined) return response;
      return { ...response, events: this.#followed(response.events, labels) };
    } finally {
      if (!watches) this.#inFlight[kind]--;
    }
  }

  #note(labels: Labels, status: number, seconds: number): void {
    add(this.#total, labelText({ ...labels, code: String(status) }), 1);
    if (labels['verb'] === 'WATCH') return;
    const key = labelText(labels);
    let entry = this.#durations.get(key);
    if (entry === undefined) {
      if (this.#durations.size >= MOST_SERIES) return;
      entry = { labels, histogram: new Histogram(BUCKETS) };
      this.#durations.set(key, entry);
    }
    entry.histogram.observe(seconds);
  }

  async *#followed(events: AsyncIterable<WatchEvent>, labels: Labels): AsyncGenerator<WatchEvent, void, undefined> {
    const { dry_run: _dryRun, ...own } = labels;
    const { group = '', version = '', resource = '' } = labels;
    const key = labelText(own);
    add(this.#longRunning, key, 1);
    try {
      for await (const event of events) {
        add(this.#watchEvents, labelText({ group, version, resource }), 1);
        yield event;
      }
    } finally {
      add(this.#longRunning, key, -1);
    }
  }

  /** All that was noted, in Prometheus' text format. */
  text(): string {
    const durations = [...this.#durations.entries()].sort(([a], [b]) => (a < b ? -1 : 1));
    const inFlight = Object.entries(this.#inFlight).map(([kind, count]): [string, number] => [
      labelText({ request_kind: kind }),
      count,
    ]);
    const counter = (name: string, help: string, values: Iterable<readonly [string, number]>): string =>
      metricHead(name, 'counter', help) + metricLines(name, values);
    const gauge = (name: string, help: string, values: Iterable<readonly [string, number]>): string =>
      metricHead(name, 'gauge', help) + metricLines(name, values);
    const latency = 'apiserver_request_duration_seconds';
    return [
      gauge(
        'apiserver_current_inflight_requests',
        'Requests that are being answered, by whether they change something.',
        inFlight,
      ),
      gauge('apiserver_longrunning_requests', 'Watches that are open.', this.#longRunning),
      metricHead(latency, 'histogram', 'How long answers took, in seconds; watches are left out.'),
      ...durations.map(([, { labels, histogram }]) => histogram.lines(latency, labels)),
      counter(
        'apiserver_request_total',
        'Requests that were answered, by what they asked for and the HTTP status.',
        this.#total,
      ),
      counter('apiserver_watch_events_total', 'Events that were sent to watches.', this.#watchEvents),
    ].join('');
  }
}

function add(counts: Map<string, number>, key: string, amount: number): void {
  const count = counts.get(key);
  if (count !== undefined || counts.size < MOST_SERIES) counts.set(key, (count ?? 0) + amount);
}

/** A path or resource that there is not; clients can make up any number of these. */
function isUnknownPath({ status, headers }: ApiResponse): boolean {
  return status === 404 && (headers['content-type'] ?? '').startsWith('text/plain');
}
