import { GraphError } from '@weft/errors';

/** The two media types of GraphQL over HTTP. */
export type MediaType = 'application/json' | 'application/graphql-response+json';

interface Range {
  readonly type: string;
  readonly quality: number;
  /** 2: a media type, 1: `application/*`, 0: any type. */
  readonly precision: number;
}

/**
 * The media type of the answer by the request's Accept: `application/json` when it says nothing or treats both alike.
 *
 * @throws GraphError NOT_ACCEPTABLE
 */
export function negotiateMediaType(accept: string | undefined): MediaType {
  if (accept === undefined || accept === '*/*') return 'application/json';
  const found = negotiated.get(accept);
  if (found !== undefined) return found;
  const type = negotiate(accept);
  if (accept.length <= MOST_CHARACTERS && negotiated.size < MOST_NEGOTIATED) negotiated.set(accept, type);
  return type;
}

/** A client says the same each time, and clients are few. */
const negotiated = new Map<string, MediaType>();
const MOST_NEGOTIATED = 100;
const MOST_CHARACTERS = 200;

function negotiate(accept: string): MediaType {
  if (accept.trim() === '') return 'application/json';
  const ranges = parseAccept(accept);
  const json = quality(ranges, 'application/json');
  const graphql = quality(ranges, 'application/graphql-response+json');
  if (json === 0 && graphql === 0) {
    throw new GraphError('NOT_ACCEPTABLE', 'Accept must allow application/graphql-response+json or application/json.');
  }
  return graphql > json ||
    (graphql === json && named(ranges, 'application/graphql-response+json') && firstNamed(ranges))
    ? 'application/graphql-response+json'
    : 'application/json';
}

/** True when a person's browser asks for a page. */
export function prefersHtml(accept: string | undefined): boolean {
  if (accept === undefined) return false;
  const ranges = parseAccept(accept);
  const html = named(ranges, 'text/html') ? quality(ranges, 'text/html') : 0;
  return (
    html > 0 &&
    html >= quality(ranges, 'application/json') &&
    html >= quality(ranges, 'application/graphql-response+json')
  );
}

function parseAccept(accept: string): Range[] {
  return accept.split(',').flatMap((part) => {
    const [type = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase());
    if (!/^[^/\s]+\/[^/\s]+$/.test(type)) return [];
    const given = parameters.find((parameter) => parameter.startsWith('q='));
    const q = given === undefined ? 1 : Number(given.slice(2));
    const precision = type === '*/*' ? 0 : type.endsWith('/*') ? 1 : 2;
    return [{ type, quality: Number.isFinite(q) ? Math.min(1, Math.max(0, q)) : 0, precision }];
  });
}

/** The most precise range decides (RFC 9110, 12.5.1). */
function quality(ranges: readonly Range[], type: string): number {
  const family = `${type.split('/')[0]}/*`;
  const fitting = ranges.filter((range) => range.type === type || range.type === family || range.type === '*/*');
  const best = fitting.reduce<Range | undefined>(
    (found, range) => (found === undefined || range.precision > found.precision ? range : found),
    undefined,
  );
  return best?.quality ?? 0;
}

function named(ranges: readonly Range[], type: string): boolean {
  return ranges.some((range) => range.type === type && range.quality > 0);
}

/** Of two types liked alike, the one that was named first; GraphQL clients put the one they prefer there. */
function firstNamed(ranges: readonly Range[]): boolean {
  const first = ranges.find(
    (range) => range.type === 'application/json' || range.type === 'application/graphql-response+json',
  );
  return first?.type === 'application/graphql-response+json';
}
