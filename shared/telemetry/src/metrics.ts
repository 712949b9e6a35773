import {
  AggregatorRegistry,
  collectDefaultMetrics,
  Counter as PromCounter,
  Gauge as PromGauge,
  Histogram as PromHistogram,
  Registry,
} from 'prom-client';

export interface MetricDefinition {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
  /** Histograms only; seconds where the name ends so. */
  readonly buckets?: readonly number[];
}

export type Labels = Readonly<Record<string, string | number>>;

interface Series {
  /** Forgets every series whose `label` has this value: what it counted is gone. */
  forget(label: string, value: string): Promise<void>;
}
export interface Counter extends Series {
  add(labels: Labels, amount?: number): void;
}
export interface Histogram extends Series {
  observe(labels: Labels, value: number): void;
}
export interface Gauge {
  set(labels: Labels, value: number): void;
  add(labels: Labels, amount?: number): void;
  /** Forgets one set of labels: a shard or a replica that is no longer there. */
  remove(labels: Labels): void;
}

export interface Metrics {
  /** Asking twice for one name gives the same metric. */
  counter(definition: MetricDefinition): Counter;
  histogram(definition: MetricDefinition): Histogram;
  gauge(definition: MetricDefinition): Gauge;
  /** Prometheus' text format, the process' own metrics included. */
  text(): Promise<string>;
  /** The same, to be sent to another process. */
  snapshot(): Promise<MetricsSnapshot>;
}

/** The metrics of one process at one moment; made here, summed by `sumSnapshots`, and opaque in between. */
export type MetricsSnapshot = readonly object[];

let processRegistry: Registry | undefined;

/** Memory, CPU and event loop of the process: measured once, however many services a test starts in it. */
function ofProcess(): Registry {
  if (processRegistry === undefined) {
    processRegistry = new Registry();
    collectDefaultMetrics({ register: processRegistry });
  }
  return processRegistry;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  const known = new Map<string, unknown>();
  const once = <T>(definition: MetricDefinition, make: () => T): T => {
    const found = known.get(definition.name);
    if (found !== undefined) return found as T;
    const made = make();
    known.set(definition.name, made);
    return made;
  };
  const base = ({ name, help, labels }: MetricDefinition) => ({
    name,
    help,
    labelNames: [...labels],
    registers: [registry],
  });
  return {
    counter: (definition) =>
      once(definition, () => {
        const counter = new PromCounter(base(definition));
        return {
          add: (labels, amount = 1) => counter.inc(labels, amount),
          forget: (label, value) => forget(counter, label, value),
        };
      }),
    histogram: (definition) =>
      once(definition, () => {
        const buckets = definition.buckets === undefined ? {} : { buckets: [...definition.buckets] };
        const histogram = new PromHistogram({ ...base(definition), ...buckets });
        return {
          observe: (labels, value) => histogram.observe(labels, value),
          forget: (label, value) => forget(histogram, label, value),
        };
      }),
    gauge: (definition) =>
      once(definition, () => {
        const gauge = new PromGauge(base(definition));
        return {
          set: (labels, value) => gauge.set(labels, value),
          add: (labels, amount = 1) => gauge.inc(labels, amount),
          remove: (labels) => gauge.remove(labels),
        };
      }),
    text: async () => `${await registry.metrics()}\n${await ofProcess().metrics()}`,
    snapshot: async () => [...(await registry.getMetricsAsJSON()), ...(await ofProcess().getMetricsAsJSON())],
  };
}

async function forget(metric: PromCounter | PromHistogram, label: string, value: string): Promise<void> {
  const { values } = await metric.get();
  for (const { labels } of values as readonly { readonly labels: Labels }[]) {
    // the bucket is no label of a series
    if (labels[label] === value)
      metric.remove(Object.fromEntries(Object.entries(labels).filter(([key]) => key !== 'le')));
  }
}

/** The metrics of several processes as if they were one: counts and histograms are added, gauges too unless prom-client says otherwise. */
export function sumSnapshots(snapshots: readonly MetricsSnapshot[]): MetricsSnapshot {
  const metrics = AggregatorRegistry.aggregate(snapshots.map((snapshot) => [...snapshot])).getMetricsAsArray();
  return metrics.map((metric) => (metric as unknown as { get(): object }).get());
}

/** Without what is true of a process only while it runs. */
export function countsOf(snapshot: MetricsSnapshot): MetricsSnapshot {
  return snapshot.filter((metric) => 'type' in metric && (metric.type === 'counter' || metric.type === 'histogram'));
}

/** Prometheus' text format. */
export async function snapshotText(snapshot: MetricsSnapshot): Promise<string> {
  return await AggregatorRegistry.aggregate([[...snapshot]]).metrics();
}

export interface EarnedLabelOptions {
  /** Names that have a label of their own at one time, beside the reserved ones. */
  readonly most: number;
  /** Good ones that a name must have had. */
  readonly after: number;
  readonly reserved?: readonly string[];
  /** A name gave its label away: its series are to be forgotten, or they would be ever more. */
  readonly onLost?: (value: string) => void;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
}

/** Names that are on their way to a label; who makes up more than these pushes out those that come seldom. */
const MOST_CANDIDATES = 2_000;
/** So long out of use, a name gives its label to the next one that has earned it. */
const UNUSED_MS = 3_600_000;

/**
 * Keeps the values of a label few where strangers choose them. First come, first served would let anybody fill it in a
 * second: here `reserved` names always have theirs, any other one has to be `good` some times before, and when all
 * labels are given, those out of use for an hour go round again.
 */
export function createEarnedLabel(options: EarnedLabelOptions) {
  const { most, after, reserved = [], onLost, clock = Date.now } = options;
  const always = new Set(reserved);
  const lastUsed = new Map<string, number>();
  const candidates = new Map<string, number>();
  const hasRoom = (): boolean => {
    if (lastUsed.size < most) return true;
    const [first] = [...lastUsed].sort(([, one], [, other]) => one - other);
    if (first === undefined || first[1] + UNUSED_MS > clock()) return false;
    lastUsed.delete(first[0]);
    onLost?.(first[0]);
    return true;
  };
  return (value: string | undefined, good: boolean): string => {
    if (value === undefined || value === '') return 'anonymous';
    if (always.has(value)) return value;
    if (lastUsed.has(value)) {
      lastUsed.set(value, clock());
      return value;
    }
    if (!good || value.length > 120) return 'other';
    const times = Math.min(after, (candidates.get(value) ?? 0) + 1);
    candidates.delete(value);
    if (times === after && hasRoom()) {
      lastUsed.set(value, clock());
      return value;
    }
    candidates.set(value, times);
    const [oldest] = candidates.keys();
    if (candidates.size > MOST_CANDIDATES && oldest !== undefined) candidates.delete(oldest);
    return 'other';
  };
}
