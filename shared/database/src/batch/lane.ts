import { isGraphError } from '@weft/errors';
import type { SpanContext } from '@weft/telemetry';
import { type Limits, overDeadline, refuseWhenOver } from '../server/run-statement.ts';
import { type Asker, endsWith, isWithin, type Load, latestOf, settle, type Wait } from './flight.ts';
import { mayBeOfOne, type ReadLoads, readApart } from './read-apart.ts';

/** Statements of one lane that run at a time. The second hides the way to the server and back; more would only merge less. */
const MOST_IN_FLIGHT = 2;
/** Keys of one statement: an array of this many is one that Postgres still plans as an index scan. */
const MOST_KEYS = 1_000;

/** Until when, and what the answer must have seen: all that one of the askers wants to see. */
export interface LaneLimits extends Limits {
  readonly seen: readonly string[];
}

/** Reads keys by one statement. Gives an outcome a key, in their order: a value or an Error. Rejects when the statement failed. */
export type LaneRead<Key> = (
  keys: readonly Key[],
  limits: LaneLimits,
  askers: readonly SpanContext[],
) => Promise<readonly unknown[]>;

/**
 * The reads of one loader on one shard, of all requests. While a statement can be sent at once it is; while none can,
 * keys are collected, so that the next statement is for all that came meanwhile. There is no timer: alone, nobody waits.
 *
 * Keys of different callers share a statement because every statement runs as the one role of the subgraph and knows
 * nothing of the caller: no row may depend on who asks. (With row-level security by caller a lane would be a leak.)
 */
export interface Lane<Key> {
  /**
   * An outcome a key. Rejects only when this asker leaves: its signal's reason, or DEADLINE_EXCEEDED. Keys that nobody
   * else waits for are dropped then, and a statement that nobody waits for is cancelled.
   */
  load(keys: readonly Key[], asker: Asker): Promise<unknown[]>;
  /** Something was written: what runs now answers those who asked, and nobody who asks later. */
  outdate(): void;
}

export interface LaneOptions<Key> {
  readonly textOf: (key: Key) => string;
  readonly read: LaneRead<Key>;
  /** Whether who asks for a key that is being read gets that answer: not where an answer must be newer than the question. */
  readonly joinsFlights: boolean;
}

interface LaneState<Key> extends LaneOptions<Key> {
  /** By the text of the key: not sent yet. */
  readonly queue: Map<string, Load<Key>>;
  /** Sent, and may be joined. */
  readonly flying: Map<string, Load<Key>>;
  inFlight: number;
}

export function createLane<Key>(options: LaneOptions<Key>): Lane<Key> {
  const lane: LaneState<Key> = { ...options, queue: new Map(), flying: new Map(), inFlight: 0 };
  return {
    async load(keys, asker) {
      refuseWhenOver(asker.limits);
      return waitForKeys(lane, keys, asker);
    },
    outdate: () => lane.flying.clear(),
  };
}

function waitForKeys<Key>(lane: LaneState<Key>, keys: readonly Key[], asker: Asker): Promise<unknown[]> {
  const { deadline, signal } = asker.limits;
  return new Promise((resolve, reject) => {
    const outcomes: unknown[] = new Array(keys.length);
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    };
    const done = (): void => {
      end();
      resolve(outcomes);
    };
    const wait: Wait = { asker, outcomes, left: keys.length, done };
    const loads = keys.map((key, index) => {
      const load = loadOf(lane, key, deadline);
      load.waits.push({ wait, index });
      return load;
    });
    const quit = (reason: unknown): void => {
      end();
      leave(lane, loads, wait, reason);
      reject(reason);
    };
    const abort = (): void => quit(signal?.reason);
    signal?.addEventListener('abort', abort);
    pump(lane);
    // A statement that ends with this asker's own time tells it so; any other may go on for others.
    const timer = endsWith(deadline, loads)
      ? undefined
      : setTimeout(() => quit(overDeadline()), (deadline ?? 0) - Date.now());
  });
}

/** One that is sent already where it may be joined, one that waits, or a new one. */
function loadOf<Key>({ textOf, joinsFlights, flying, queue }: LaneState<Key>, key: Key, deadline?: number): Load<Key> {
  const text = textOf(key);
  const sent = joinsFlights ? flying.get(text) : undefined;
  // A statement that may end before this asker's time could fail it for nothing.
  if (sent?.flight !== undefined && isWithin(deadline, sent.flight.deadline)) return sent;
  let load = queue.get(text);
  if (load === undefined) {
    load = { key, text, waits: [], flight: undefined };
    queue.set(text, load);
  }
  return load;
}

function leave<Key>(lane: LaneState<Key>, loads: readonly Load<Key>[], wait: Wait, reason: unknown): void {
  for (const load of loads) {
    load.waits = load.waits.filter((place) => place.wait !== wait);
    if (load.waits.length > 0) continue;
    const { flight } = load;
    if (flight === undefined) {
      // One that was settled before it was sent may have been followed by another of its key.
      if (lane.queue.get(load.text) === load) lane.queue.delete(load.text);
      continue;
    }
    forget(lane, load);
    flight.wanted -= 1;
    if (flight.wanted === 0) flight.controller.abort(reason);
  }
}

/** An outdated load may have been followed by another of its key. */
function forget<Key>({ flying }: LaneState<Key>, load: Load<Key>): void {
  if (flying.get(load.text) === load) flying.delete(load.text);
}

function pump<Key>(lane: LaneState<Key>): void {
  while (lane.inFlight < MOST_IN_FLIGHT && lane.queue.size > 0) {
    const loads = [...lane.queue.values()];
    if (loads.length <= MOST_KEYS) lane.queue.clear();
    else {
      loads.length = MOST_KEYS;
      for (const { text } of loads) lane.queue.delete(text);
    }
    void fly(lane, loads);
  }
}

/** Sends loads as one statement. Never rejects. */
async function fly<Key>(lane: LaneState<Key>, loads: readonly Load<Key>[]): Promise<void> {
  const askers = askersOf(loads);
  const flight = { controller: new AbortController(), deadline: latestOf(askers), wanted: loads.length };
  for (const load of loads) {
    load.flight = flight;
    if (lane.joinsFlights) lane.flying.set(load.text, load);
  }
  lane.inFlight += 1;
  const seen = [...new Set([...askers].flatMap((asker) => asker.seen ?? []))];
  const limits = { deadline: flight.deadline, signal: flight.controller.signal, seen };
  const read: ReadLoads<Key> = async (part) => {
    const keys = part.map(({ key }) => key);
    const spans = [...askersOf(part)].flatMap(({ span }) => span ?? []);
    const rows = await lane.read(keys, limits, spans);
    return new Map(part.map((load, index) => [load, rows[index]]));
  };
  const outcomes = await read(loads).catch((error: unknown) => {
    if (isGraphError(error) && error.code === 'DATABASE_BUSY') failQueue(lane, error);
    if (mayBeOfOne(error, loads)) {
      // Whoever joined from now on could be with those whose key is refused.
      for (const load of loads) forget(lane, load);
      return readApart(loads, read);
    }
    return new Map(loads.map((load) => [load, error]));
  });
  lane.inFlight -= 1;
  for (const load of loads) {
    forget(lane, load);
    settle(load, outcomes.get(load));
  }
  pump(lane);
}

function askersOf(loads: readonly Load<unknown>[]): ReadonlySet<Asker> {
  const askers = new Set<Asker>();
  for (const load of loads) for (const { wait } of load.waits) askers.add(wait.asker);
  return askers;
}

/** No connection was free in time. Those who came meanwhile would wait a second time, for the same. */
function failQueue<Key>({ queue }: LaneState<Key>, error: unknown): void {
  for (const load of queue.values()) settle(load, error);
  queue.clear();
}
