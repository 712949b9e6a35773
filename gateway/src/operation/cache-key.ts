import { createHash } from 'node:crypto';
import type { Identity } from '@weft/service';
import type { OperationRun } from './operation-stage.ts';

/** Under which keys the answer to an operation can be. */
export interface CacheKeys {
  /** The same for every user and every value of the variables. */
  readonly operation: string;
  readonly public: string;
  /** Of this user; undefined for anonymous callers, whose private answers are never kept. */
  readonly private: string | undefined;
}

/** Undefined when the document is not one that can be kept. */
export function cacheKeys(run: OperationRun): CacheKeys | undefined {
  const { host, document, request, context } = run;
  if (host === undefined || document?.normalisedHash === undefined) return undefined;
  const operation = `${host.id}:${document.normalisedHash}:${request.operationName ?? ''}`;
  const base = `${operation}\n${stableJson(request.variables ?? {})}\n${stableJson(context.forwardedHeaders)}`;
  const { user } = context;
  return {
    operation,
    public: hash(`public\n${base}`),
    private: user === null ? undefined : hash(`private\n${identityText(user)}\n${base}`),
  };
}

/** All that subgraphs are told of somebody: a token with fewer scopes must not read what one with more was shown. */
function identityText({ subject, scopes, username }: Identity): string {
  return JSON.stringify([subject, username ?? null, [...scopes].sort()]);
}

/** JSON with sorted keys: equal values have equal texts. The depth of variables was bounded when they were read. */
export function stableJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(stableJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${stableJson(member)}`);
  return `{${members.join(',')}}`;
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
