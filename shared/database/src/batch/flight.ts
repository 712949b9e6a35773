import type { SpanContext } from '@weft/telemetry';
import type { Limits } from '../server/run-statement.ts';
import { copyRows } from './copy-rows.ts';

/** Who wants keys: until when, and the span of its batch. */
export interface Asker {
  readonly limits: Limits;
  /** Transactions that its answer must have seen. */
  readonly seen?: readonly string[] | undefined;
  readonly span: SpanContext | undefined;
}

/** One call of an asker, for several keys. */
export interface Wait {
  readonly asker: Asker;
  readonly outcomes: unknown[];
  left: number;
  readonly done: () => void;
}

/** Where an outcome goes: the place of the key among those of an asker. */
export interface Place {
  readonly wait: Wait;
  readonly index: number;
}

/** A key, and everybody who waits for it. */
export interface Load<Key> {
  readonly key: Key;
  readonly text: string;
  waits: Place[];
  flight: Flight | undefined;
}

/** A statement that is being run. */
export interface Flight {
  readonly controller: AbortController;
  /** The latest of the askers'; undefined when one of them has none. */
  readonly deadline: number | undefined;
  /** Loads that somebody waits for. */
  wanted: number;
}

/** Gives each asker the outcome; all but one a copy, since a row that two requests share is one that either can change. */
export function settle(load: Load<unknown>, outcome: unknown): void {
  let isFirst = true;
  for (const { wait, index } of load.waits) {
    wait.outcomes[index] = isFirst ? outcome : copyRows(outcome);
    isFirst = false;
    wait.left -= 1;
    if (wait.left === 0) wait.done();
  }
}

export function latestOf(askers: Iterable<Asker>): number | undefined {
  let latest = 0;
  for (const { limits } of askers) {
    if (limits.deadline === undefined) return undefined;
    latest = Math.max(latest, limits.deadline);
  }
  return latest;
}

export function isWithin(deadline: number | undefined, longest: number | undefined): boolean {
  return longest === undefined || (deadline !== undefined && deadline <= longest);
}

export function endsWith(deadline: number | undefined, loads: readonly Load<unknown>[]): boolean {
  return deadline === undefined || loads.every(({ flight }) => flight?.deadline === deadline);
}
