import { expect, test } from '@jest/globals';
import { formatMoney, moneyScalar, parseMoney } from './money.ts';

test('money is minor units inside and text on the wire', () => {
  expect(parseMoney('12.90 EUR')).toEqual({ amountMinor: 1290n, currency: 'EUR' });
  expect(formatMoney(1290n, 'EUR')).toBe('12.90 EUR');
  expect(formatMoney('5', 'EUR')).toBe('0.05 EUR');
  expect(formatMoney(-105, 'EUR')).toBe('-1.05 EUR');
});

test('a currency without hundredths keeps its own number of digits', () => {
  expect(parseMoney('1290 JPY')).toEqual({ amountMinor: 1290n, currency: 'JPY' });
  expect(formatMoney(1290, 'JPY')).toBe('1290 JPY');
  expect(parseMoney('1.234 KWD')).toEqual({ amountMinor: 1234n, currency: 'KWD' });
});

test('every amount comes back as it was', () => {
  for (const minor of [0n, 1n, 99n, 100n, -1n, -99n, -100n, 999_999_999_999_999n]) {
    for (const currency of ['EUR', 'JPY', 'KWD']) {
      expect(parseMoney(formatMoney(minor, currency))).toEqual({ amountMinor: minor, currency });
    }
  }
});

test.each([
  12.9,
  null,
  '',
  '12.90',
  '12.9 EUR',
  '12.900 EUR',
  '12 EUR',
  '12.90 eur',
  '12,90 EUR',
  ' 12.90 EUR',
  '012.90 EUR',
  '1e3.00 EUR',
])('malformed money is the fault of the caller: %p', (given) => {
  expect(() => parseMoney(given)).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT' }));
});

test('a resolver that gives something else is a bug, not the fault of the caller', () => {
  expect(() => moneyScalar.serialize(1290)).toThrow(TypeError);
});
