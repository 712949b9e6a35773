import { type ExecutionResult, GraphQLError } from 'graphql';
import { differenceOf } from '../oracle/compare.ts';
import type { Operation } from '../oracle/draw-operation.ts';
import type { RealMarketplace } from './real-marketplace.ts';

/** A subgraph that is late on a busy machine is no difference between engines. */
const TRIES = 3;

export interface Compared {
  /** How the weft engine's answer differs from that of the stock engine; undefined: not at all. */
  readonly difference: string | undefined;
  /** There was no data. */
  readonly empty: boolean;
  /** Equal data in another order of fields; that of the weft engine is checked by the oracle. */
  readonly otherOrder: boolean;
}

export async function compareEngines(marketplace: RealMarketplace, operation: Operation): Promise<Compared> {
  let compared = await compareOnce(marketplace, operation);
  for (let tries = 1; tries < TRIES && compared.difference !== undefined; tries += 1) {
    compared = await compareOnce(marketplace, operation);
  }
  return compared;
}

async function compareOnce({ ask }: RealMarketplace, operation: Operation): Promise<Compared> {
  const stock = await ask('apollo', operation);
  const ours = await ask('weft', operation);
  const empty = stock.data === undefined || stock.data === null;
  if (stock.data === undefined && ours.data === undefined) {
    const [a, b] = [codeOf(stock), codeOf(ours)];
    const difference = a === b ? undefined : `refused with ${a} by the stock engine, with ${b} by ours`;
    return { empty, otherOrder: false, difference };
  }
  const difference = differenceOf(comparable(stock), comparable(ours));
  const otherOrder = difference === undefined && JSON.stringify(stock.data) !== JSON.stringify(ours.data);
  return { empty, otherOrder, difference };
}

function codeOf({ errors }: ExecutionResult): unknown {
  return errors?.[0]?.extensions?.code;
}

/** Errors as graphql-js has them, and fields in one order. */
function comparable({ data, errors }: ExecutionResult): ExecutionResult {
  const told = errors?.map(({ message, path }) => new GraphQLError(message, path === undefined ? {} : { path }));
  const sorted = sort(data ?? null) as Record<string, unknown> | null;
  return { data: sorted, ...(told !== undefined && { errors: told }) };
}

function sort(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sort);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sort(inner)]));
}
