import { isGraphError } from '@weft/errors';
import type { ExecutionResult, GraphQLError } from 'graphql';

type Path = readonly (string | number)[];

/** How an answer differs from the expected one; undefined: not at all. Data is compared as text, so the order of fields counts. */
export function differenceOf(expected: ExecutionResult, got: ExecutionResult): string | undefined {
  const wanted = JSON.stringify(expected.data);
  const given = JSON.stringify(got.data);
  if (given === undefined) return `no data: ${got.errors?.map(reasonOf).join('; ')}`;
  if (wanted !== given) return firstDifference(JSON.parse(wanted ?? 'null'), JSON.parse(given), []);
  return errorDifference(expected, got);
}

/** What the log would say. */
function reasonOf({ message, originalError }: GraphQLError): string {
  return isGraphError(originalError) ? `${message} ${JSON.stringify(originalError.log)}` : message;
}

function firstDifference(expected: unknown, got: unknown, path: Path): string {
  const at = `at ${path.join('.') || 'the root'}`;
  if (!isObject(expected) || !isObject(got) || Array.isArray(expected) !== Array.isArray(got)) {
    return `${at}: expected ${short(expected)}, got ${short(got)}`;
  }
  const keys = Object.keys(expected);
  const given = Object.keys(got);
  for (const key of keys) {
    if (!Object.hasOwn(got, key)) return `${at}: ${key} is missing`;
    if (JSON.stringify(expected[key]) !== JSON.stringify(got[key])) {
      return firstDifference(expected[key], got[key], [...path, key]);
    }
  }
  const extra = given.filter((key) => !Object.hasOwn(expected, key));
  return extra.length > 0 ? `${at}: ${extra.join()} is too much` : `${at}: order ${given.join()}, not ${keys.join()}`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function short(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 80)}...` : text;
}

/**
 * Errors are compared by the null that they made: of several failures below one null, executors may tell any (section
 * 6.4.4 of the specification). One whose own field is nullable is compared by its path, then.
 */
function errorDifference(expected: ExecutionResult, got: ExecutionResult): string | undefined {
  const wanted = landings(expected);
  const given = landings(got);
  for (const [place, path] of wanted) if (!given.has(place)) return `no error for the null at ${place} (of ${path})`;
  for (const [place, path] of given) {
    if (!wanted.has(place)) return `an error too much at ${place} (of ${path}): ${messagesAt(got, path)}`;
  }
  return undefined;
}

/** Each null that errors made, with the path of one of them. */
function landings({ data, errors }: ExecutionResult): Map<string, string> {
  return new Map((errors ?? []).map(({ path }) => [landing(data, path ?? []), (path ?? []).join('.')]));
}

function landing(data: unknown, path: Path): string {
  let value: unknown = data;
  for (const [index, key] of path.entries()) {
    if (value === null || value === undefined) return path.slice(0, index).join('.');
    value = (value as Record<string | number, unknown>)[key];
  }
  return value === null ? path.join('.') : `${path.join('.')}, which is not null`;
}

function messagesAt({ errors }: ExecutionResult, path: string): string {
  return (errors ?? []).flatMap((error) => ((error.path ?? []).join('.') === path ? [error.message] : [])).join('; ');
}
