import { hash } from 'node:crypto';
import type { Identity } from '@weft/service';
import type { OperationRun } from './operation-stage.ts';

/** Under which keys the answer to an operation can be. */
export interface CacheKeys {
  readonly public: string;
  /** Of this user; undefined for anonymous callers, whose private answers are never kept. */
  readonly private: string | undefined;
}

/** The same for every value of the variables and every user; undefined when the document is not one that can be kept. */
export function operationKey({ host, document, request }: OperationRun): string | undefined {
  if (host === undefined || document?.normalisedHash === undefined) return undefined;
  return `${host.id}:${document.normalisedHash}:${request.operationName ?? ''}`;
}

export function cacheKeys(operation: string, { request, context }: OperationRun): CacheKeys {
  const base = `${operation}\n${stableJson(request.variables ?? {})}\n${stableJson(context.forwardedHeaders)}`;
  const { user } = context;
  return {
    public: sha256(`public\n${base}`),
    private: user === null ? undefined : sha256(`private\n${identityText(user)}\n${base}`),
  };
}

/** All that subgraphs are told of somebody: a token with fewer scopes must not read what one with more was shown. */
export function identityText({ subject, scopes, username }: Identity): string {
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

function sha256(text: string): string {
  return hash('sha256', text, 'base64url');
}
