import { type Expression, type RawBuilder, sql } from 'kysely';
import type { OrderColumn } from '../order.ts';

/** What the order columns of a row hold, in their order. Raw texts of Postgres or, for small integers, numbers. */
export type OrderValues = readonly (string | number)[];

interface OrderType {
  readonly lowest: string | number;
  readonly highest: string | number;
  accepts(value: unknown): value is string | number;
  compare(a: string | number, b: string | number): number;
}

const MAX_BIGINT = 2n ** 63n - 1n;
const TIMESTAMP = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?\+00$/;

const TYPES: Readonly<Record<OrderColumn['type'], OrderType>> = {
  bigint: {
    lowest: (-MAX_BIGINT - 1n).toString(),
    highest: MAX_BIGINT.toString(),
    accepts: (value): value is string => typeof value === 'string' && isBigint(value),
    compare: compareDecimals,
  },
  integer: smallNumber(2 ** 31 - 1),
  smallint: smallNumber(2 ** 15 - 1),
  timestamptz: {
    lowest: '-infinity',
    highest: 'infinity',
    accepts: (value): value is string => typeof value === 'string' && isTimestamp(value),
    // Written in UTC with trailing zeros cut, and `+` sorts before `.` and the digits: texts sort as the times do.
    compare: (a, b) => (a === b ? 0 : a < b ? -1 : 1),
  },
};

function smallNumber(highest: number): OrderType {
  return {
    lowest: -highest - 1,
    highest,
    accepts: (value): value is number => Number.isInteger(value) && Math.abs(value as number) <= highest,
    compare: (a, b) => Number(a) - Number(b),
  };
}

function isBigint(text: string): boolean {
  if (!/^(0|-?[1-9]\d{0,18})$/.test(text)) return false;
  const value = BigInt(text);
  return value <= MAX_BIGINT && value >= -MAX_BIGINT - 1n;
}

/** One that Postgres takes. `Date` also takes a year 0000, and the 30th of February as the 2nd of March. */
function isTimestamp(text: string): boolean {
  if (!TIMESTAMP.test(text) || text.startsWith('0000')) return false;
  const moment = new Date(text.replace(' ', 'T').replace('+00', 'Z'));
  return !Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(text.slice(0, 10));
}

/** Canonical decimals as texts, without BigInt: a merge compares every row several times. */
function compareDecimals(left: string | number, right: string | number): number {
  const [a, b] = [String(left), String(right)];
  const [negativeA, negativeB] = [a.startsWith('-'), b.startsWith('-')];
  if (negativeA !== negativeB) return negativeA ? -1 : 1;
  const longer = a.length - b.length;
  const larger = longer !== 0 ? longer : a === b ? 0 : a < b ? -1 : 1;
  return negativeA ? -larger : larger;
}

/** An order as SQL, as cursor values and as a comparison. Error when the declaration cannot be paged by. */
export interface Keyset {
  readonly columns: readonly OrderColumn[];
  /** Before every row: what `after` is on the first page, so that first and later pages are one statement. */
  readonly start: OrderValues;
  accepts(values: readonly unknown[]): values is OrderValues;
  valuesOf(row: Readonly<Record<string, unknown>>): OrderValues;
  compare(a: OrderValues, b: OrderValues): number;
  /** `(created_at, id) < (after...)`: an index condition, also on the first page. */
  isAfter(after: readonly Expression<unknown>[]): RawBuilder<boolean>;
  /** `created_at desc, id desc`. */
  orderBy(): RawBuilder<unknown>;
}

export function createKeyset(loader: string, columns: readonly OrderColumn[]): Keyset {
  const [first] = columns;
  if (first === undefined) throw new Error(`${loader}: orderBy needs at least the unique column`);
  if (columns.some(({ direction }) => direction !== first.direction)) {
    throw new Error(`${loader}: all columns of orderBy must go one way, so that one index serves them`);
  }
  const descending = first.direction === 'desc';
  const types = columns.map(({ type }) => TYPES[type]);
  const names = columns.map(({ column }) => column.slice(column.lastIndexOf('.') + 1));
  const references = columns.map(({ column }) => sql.ref(column));
  return {
    columns,
    start: types.map(({ lowest, highest }) => (descending ? highest : lowest)),
    accepts: (values): values is OrderValues =>
      values.length === types.length && types.every((type, index) => type.accepts(values[index])),
    valuesOf(row) {
      return names.map((name, index) => {
        const value = row[name];
        if (types[index]?.accepts(value)) return value;
        throw new Error(`${loader}: the order column ${name} must be selected and not null, got ${String(value)}`);
      });
    },
    compare(a, b) {
      for (let index = 0; index < types.length; index += 1) {
        const order = types[index]?.compare(a[index] ?? 0, b[index] ?? 0) ?? 0;
        if (order !== 0) return descending ? -order : order;
      }
      return 0;
    },
    isAfter: (after) => sql<boolean>`(${sql.join(references)}) ${sql.raw(descending ? '<' : '>')} (${sql.join(after)})`,
    orderBy: () => sql.join(references.map((reference) => sql`${reference} ${sql.raw(first.direction)}`)),
  };
}
