import { isUtf8 } from 'node:buffer';
import { GraphError } from '@weft/errors';
import { readBody } from '@weft/service';
import type { GraphqlRequest } from '../graphql-request.ts';
import { mediaType } from './csrf.ts';
import type { Exchange } from './exchange.ts';

/** JSON nested deeper serves nobody, and whoever walks it later may do so by recursion. */
const MOST_LEVELS = 64;

/**
 * Reads a GraphQL request (GraphQL over HTTP, 5): POST with application/json, or GET with search parameters.
 *
 * @throws GraphError BAD_REQUEST, LIMIT_EXCEEDED, MAX_DEPTH_LIMIT, UNSUPPORTED_MEDIA_TYPE
 */
export async function readRequest(exchange: Exchange, options: { readonly maxBytes: number }): Promise<GraphqlRequest> {
  if (exchange.request.method === 'GET') return readSearch(exchange.search);
  refuseMediaType(exchange.request.headers['content-type']);
  const bytes = await readBody(exchange.request, options);
  if (!isUtf8(bytes)) throw bad('The body is not UTF-8.');
  const body = parseJson(bytes.toString('utf8'), 'The body');
  if (Array.isArray(body)) throw bad('Batches are not served: send one operation a request.');
  if (!isRecord(body)) throw bad('The body must be a JSON object.');
  return shapeOf('POST', body);
}

function readSearch(search: string): GraphqlRequest {
  const parameters = new URLSearchParams(search);
  const once = (name: string): string | undefined => {
    const values = parameters.getAll(name);
    if (values.length > 1) throw bad(`The search parameter ${name} was sent twice.`);
    return values[0];
  };
  const json = (name: string): unknown => {
    const text = once(name);
    return text === undefined || text === '' ? undefined : parseJson(text, `The search parameter ${name}`);
  };
  return shapeOf('GET', {
    query: once('query'),
    operationName: once('operationName') === '' ? undefined : once('operationName'),
    variables: json('variables'),
    extensions: json('extensions'),
  });
}

function shapeOf(method: GraphqlRequest['method'], body: Record<string, unknown>): GraphqlRequest {
  const { query, operationName, variables, extensions } = body;
  return {
    method,
    query: textOf(query, 'query'),
    operationName: textOf(operationName, 'operationName'),
    variables: mapOf(variables, 'variables'),
    extensions: mapOf(extensions, 'extensions'),
  };
}

function textOf(value: unknown, name: string): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw bad(`${name} must be text.`);
  return value;
}

function mapOf(value: unknown, name: string): Record<string, unknown> | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isRecord(value)) throw bad(`${name} must be an object.`);
  return value;
}

function refuseMediaType(contentType: string | undefined): void {
  const charset = contentType === undefined ? undefined : /;\s*charset\s*=\s*"?([^";\s]*)"?/i.exec(contentType)?.[1];
  if (
    mediaType(contentType) === 'application/json' &&
    (charset ?? 'utf-8').toLowerCase().replace('utf8', 'utf-8') === 'utf-8'
  )
    return;
  throw new GraphError('UNSUPPORTED_MEDIA_TYPE', 'Content-Type must be application/json, in UTF-8.');
}

function parseJson(text: string, what: string): unknown {
  let value: unknown;
  let problem: GraphError | undefined;
  try {
    value = JSON.parse(text);
  } catch {
    problem = bad(`${what} is not JSON.`);
  }
  // most of a request is the text of its document: what it came to is walked faster than that is read
  if (problem === undefined ? isDeeper(value, MOST_LEVELS) : levelsOf(text) > MOST_LEVELS) {
    throw new GraphError('MAX_DEPTH_LIMIT', `${what} nests deeper than ${MOST_LEVELS} levels.`, {
      extensions: { limit: MOST_LEVELS },
    });
  }
  if (problem !== undefined) throw problem;
  return value;
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  if (Array.isArray(value)) return value.some((item) => isDeeper(item, levels - 1));
  for (const key in value) if (isDeeper((value as Record<string, unknown>)[key], levels - 1)) return true;
  return false;
}

/** Deepest nesting of brackets outside of strings; exact for JSON, and no text makes it slow. */
function levelsOf(text: string): number {
  let level = 0;
  let deepest = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x22) at = endOfString(text, at + 1);
    else if (code === 0x7b || code === 0x5b) {
      level += 1;
      if (level > deepest) deepest = level;
    } else if (code === 0x7d || code === 0x5d) level -= 1;
  }
  return deepest;
}

function endOfString(text: string, from: number): number {
  for (let at = text.indexOf('"', from); at !== -1; at = text.indexOf('"', at + 1)) {
    let slashes = 0;
    while (text.charCodeAt(at - 1 - slashes) === 0x5c) slashes += 1;
    if (slashes % 2 === 0) return at;
  }
  return text.length;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function bad(message: string): GraphError {
  return new GraphError('BAD_REQUEST', message);
}
