import { diff } from '@graphql-inspector/core';
import type { GraphQLSchema } from 'graphql';

/** One difference of two API schemas, as @graphql-inspector/core words it. */
export interface ApiChange {
  readonly type: string;
  readonly coordinate: string;
  readonly message: string;
  /** Of the change by itself; whether it breaks someone is for the replay to say. */
  readonly level: 'breaking' | 'dangerous' | 'safe';
}

const LEVELS = { BREAKING: 'breaking', DANGEROUS: 'dangerous', NON_BREAKING: 'safe' } as const;
const ORDER = { breaking: 0, dangerous: 1, safe: 2 } as const;

/** Breaking ones first, then by coordinate. Descriptions and the order of definitions are no changes of the API. */
export async function apiChanges(base: GraphQLSchema, next: GraphQLSchema): Promise<ApiChange[]> {
  const changes = await diff(base, next);
  return changes
    .filter(({ type }) => !/DESCRIPTION|^DIRECTIVE_USAGE_/.test(String(type)))
    .map(({ type, path, message, criticality }) => ({
      type: String(type),
      coordinate: path ?? '',
      message: message.endsWith('.') ? message : `${message}.`,
      level: LEVELS[criticality.level],
    }))
    .sort(
      (a, b) =>
        ORDER[a.level] - ORDER[b.level] || (a.coordinate < b.coordinate ? -1 : a.coordinate > b.coordinate ? 1 : 0),
    );
}
