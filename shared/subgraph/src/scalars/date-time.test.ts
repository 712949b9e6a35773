import { expect, test } from '@jest/globals';
import { dateTimeScalar, formatPostgresTime, parseDateTime } from './date-time.ts';

test('the text of Postgres becomes RFC 3339 with milliseconds', () => {
  expect(formatPostgresTime('2026-01-31 08:30:00+00')).toBe('2026-01-31T08:30:00.000Z');
  expect(formatPostgresTime('2026-01-31 08:30:00.5+00')).toBe('2026-01-31T08:30:00.500Z');
  expect(formatPostgresTime('2026-01-31 08:30:00.123999+00')).toBe('2026-01-31T08:30:00.123Z');
});

test('a session that is not in UTC is a bug that is seen', () => {
  expect(() => formatPostgresTime('2026-01-31 08:30:00+02')).toThrow(TypeError);
});

test('resolvers may give a Date or RFC 3339 text as well', () => {
  expect(dateTimeScalar.serialize(new Date(0))).toBe('1970-01-01T00:00:00.000Z');
  expect(dateTimeScalar.serialize('2026-01-31T08:30:00Z')).toBe('2026-01-31T08:30:00.000Z');
});

test('an offset is understood', () => {
  expect(parseDateTime('2026-01-31T10:30:00+02:00').toISOString()).toBe('2026-01-31T08:30:00.000Z');
});

test.each([
  '',
  'yesterday',
  '2026-01-31',
  '2026-02-31T00:00:00Z',
  '2026-99-01T00:00:00Z',
  '2026-01-31T25:00:00Z',
  7,
  null,
])('a malformed moment is the fault of the caller: %p', (given) => {
  expect(() => parseDateTime(given)).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT' }));
});
