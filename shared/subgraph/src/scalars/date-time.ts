import { GraphError } from '@weft/errors';
import { GraphQLScalarType, Kind } from 'graphql';

/** The only form Postgres gives for timestamptz when the session's time zone is UTC and DateStyle is ISO. */
const POSTGRES = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2})(?:\.(\d{1,6}))?\+00(?::?00)?$/;
const RFC_3339 = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:[Zz]|[+-]\d{2}:\d{2})$/;

/**
 * Postgres text (`2026-01-31 08:30:00.5+00`) -> RFC 3339 with milliseconds (`2026-01-31T08:30:00.500Z`), without a Date
 * in between: rows of a page carry many. Microseconds are cut, never rounded, so that order is kept.
 */
export function formatPostgresTime(text: string): string {
  const match = POSTGRES.exec(text);
  if (match === null) throw new TypeError('A DateTime field resolved to a text that is not a time of Postgres in UTC.');
  const [, date, time, fraction = ''] = match;
  return `${date}T${time}.${fraction.slice(0, 3).padEnd(3, '0')}Z`;
}

/** RFC 3339 text -> Date. Throws BAD_USER_INPUT for another form or a day that is not in the calendar. */
export function parseDateTime(text: unknown): Date {
  const malformed = new GraphError('BAD_USER_INPUT', 'DateTime is malformed: it is like 2026-01-31T08:30:00.000Z.');
  if (typeof text !== 'string' || !RFC_3339.test(text)) throw malformed;
  const date = new Date(text.toUpperCase());
  // Date rolls 31 February over into March: the day it made then is not the day written.
  const day = new Date(`${text.slice(0, 10)}T00:00:00Z`);
  if (Number.isNaN(date.getTime()) || !day.toISOString().startsWith(text.slice(0, 10))) throw malformed;
  return date;
}

/** Resolvers may give the text of Postgres as it came, RFC 3339 text in UTC, or a Date. */
export const dateTimeScalar = new GraphQLScalarType<Date, string>({
  name: 'DateTime',
  serialize(value) {
    if (value instanceof Date) return value.toISOString();
    if (typeof value !== 'string') throw new TypeError('A DateTime field resolved to something that is not a time.');
    return value.endsWith('Z') ? parseDateTime(value).toISOString() : formatPostgresTime(value);
  },
  parseValue: parseDateTime,
  parseLiteral(node) {
    return parseDateTime(node.kind === Kind.STRING ? node.value : undefined);
  },
});
