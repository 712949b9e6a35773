import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decodeCursor, encodeCursor } from '../cursor.ts';
import { mergeOrdered } from '../merge-pages.ts';
import { createKeyset } from './keyset.ts';

const MAX = 2n ** 63n - 1n;
const bigint = fc.bigInt({ min: -MAX - 1n, max: MAX }).map(String);

test('decimal texts compare as the numbers that they are', () => {
  const keyset = createKeyset('x', [{ column: 'n', type: 'bigint', direction: 'asc' }]);
  fc.assert(
    fc.property(bigint, bigint, (a, b) => {
      const wanted = BigInt(a) < BigInt(b) ? -1 : BigInt(a) > BigInt(b) ? 1 : 0;
      expect(Math.sign(keyset.compare([a], [b]))).toBe(wanted);
    }),
  );
});

test('timestamps as Postgres writes them compare as moments', () => {
  const keyset = createKeyset('x', [{ column: 'at', type: 'timestamptz', direction: 'asc' }]);
  const micros = fc.bigInt({ min: 0n, max: 4_102_444_800_000_000n });
  fc.assert(
    fc.property(micros, micros, (a, b) => {
      const [left, right] = [asPostgres(a), asPostgres(b)];
      expect(keyset.accepts([left])).toBe(true);
      expect(Math.sign(keyset.compare([left], [right]))).toBe(a < b ? -1 : a > b ? 1 : 0);
    }),
  );
});

test('the first and the last day that has four digits, and a leap day, are moments', () => {
  const keyset = createKeyset('x', [{ column: 'at', type: 'timestamptz', direction: 'asc' }]);
  for (const at of ['0001-01-01 00:00:00+00', '9999-12-31 23:59:59.999999+00', '2028-02-29 23:59:59.999999+00']) {
    expect(keyset.accepts([at])).toBe(true);
  }
});

test('merged pages are the order of all rows together', () => {
  for (const direction of ['asc', 'desc'] as const) {
    const keyset = createKeyset('x', [
      { column: 'price', type: 'integer', direction },
      { column: 't.id', type: 'bigint', direction },
    ]);
    const row = fc.record({ price: fc.integer({ min: 0, max: 3 }), id: fc.bigInt({ min: 1n, max: 99n }).map(String) });
    fc.assert(
      fc.property(fc.array(fc.array(row, { maxLength: 12 }), { maxLength: 6 }), fc.nat(40), (lists, limit) => {
        const order = (a: { price: number; id: string }, b: { price: number; id: string }): number =>
          (a.price - b.price || Number(a.id) - Number(b.id)) * (direction === 'asc' ? 1 : -1);
        const sorted = lists.map((list) => [...list].sort(order));
        const keys = (rows: readonly unknown[]): string[] => rows.map((each) => JSON.stringify(each));
        expect(keys(mergeOrdered(keyset, sorted, limit))).toEqual(keys(lists.flat().sort(order).slice(0, limit)));
      }),
    );
  }
});

test('a cursor gives back its values, and only to the list that made it', () => {
  const keyset = createKeyset('list', [
    { column: 'at', type: 'timestamptz', direction: 'desc' },
    { column: 'id', type: 'bigint', direction: 'desc' },
  ]);
  const values = ['2026-01-02 03:04:05.6+00', '12'];
  expect(decodeCursor('list', keyset, encodeCursor('list', values))).toEqual(values);
  expect(() => decodeCursor('other', keyset, encodeCursor('list', values))).toThrow('does not belong');
  const days = ['2026-02-30', '2027-02-29', '2026-04-31', '0000-01-01', '2026-01-00', '2026-13-02'];
  const moments = days.map((day) => `${day} 03:04:05+00`);
  for (const at of [...moments, '2026-01-02 24:00:00+00', 'infinity', '2026-01-02 03:04:05', 'now', "'"]) {
    expect(() => decodeCursor('list', keyset, encodeCursor('list', [at, '12']))).toThrow('does not belong');
  }
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(() => decodeCursor('list', keyset, text)).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT' }));
    }),
  );
});

function asPostgres(micros: bigint): string {
  const date = new Date(Number(micros / 1_000n)).toISOString();
  const fraction = String(micros % 1_000_000n)
    .padStart(6, '0')
    .replace(/0+$/, '');
  return `${date.slice(0, 10)} ${date.slice(11, 19)}${fraction === '' ? '' : `.${fraction}`}+00`;
}
