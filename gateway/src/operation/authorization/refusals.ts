import { GraphError } from '@weft/errors';
import { GraphQLError, type GraphQLOutputType, getNullableType, isListType } from 'graphql';
import { isIncluded } from '../conditions.ts';
import type { IsRefused } from './restrict.ts';
import type { TreeNode } from './selection-tree.ts';

/** More would make a small request a large answer. */
const MOST_ERRORS = 200;

/**
 * One error for each refused field that the variables include, at its path; `@` stands for every item of a list, as the
 * field is refused without a look at the data.
 */
export function refusals(
  tree: readonly TreeNode[],
  { isRefused, variables }: { readonly isRefused: IsRefused; readonly variables: Readonly<Record<string, unknown>> },
): GraphQLError[] {
  const paths = new Map<string, readonly string[]>();
  const walk = (selections: readonly TreeNode[], path: readonly string[]): void => {
    for (const selection of selections) {
      const directives = selection.kind === 'field' ? selection.node.directives : selection.directives;
      if (!isIncluded(directives, variables)) continue;
      if (selection.kind === 'fragment') {
        walk(selection.selections, path);
        continue;
      }
      const own = [...path, selection.key];
      if (isRefused(selection)) paths.set(own.join('\n'), own);
      else walk(selection.selections ?? [], [...own, ...itemsOf(selection.type)]);
    }
  };
  walk(tree, []);
  const all = [...paths.values()];
  const errors = all.slice(0, MOST_ERRORS).map((path) => refusal('Unauthorized field or type', path));
  const more = all.length - errors.length;
  return more === 0 ? errors : [...errors, refusal(`Unauthorized field or type, ${more} more`, null)];
}

function refusal(message: string, path: readonly string[] | null): GraphQLError {
  const own = new GraphError('UNAUTHORIZED_FIELD_OR_TYPE', message);
  return new GraphQLError(message, { path, originalError: own, extensions: own.extensions });
}

function itemsOf(type: GraphQLOutputType): string[] {
  const nullable = getNullableType(type);
  return isListType(nullable) ? ['@', ...itemsOf(nullable.ofType)] : [];
}
