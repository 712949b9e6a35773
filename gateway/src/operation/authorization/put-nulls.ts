import {
  type GraphQLOutputType,
  getNamedType,
  getNullableType,
  isAbstractType,
  isListType,
  isNonNullType,
} from 'graphql';
import { isIncluded } from '../conditions.ts';
import type { IsRefused } from './restrict.ts';
import type { TreeField, TreeNode } from './selection-tree.ts';

type Data = Readonly<Record<string, unknown>>;

export interface PutNullsOptions {
  readonly isRefused: IsRefused;
  /** Under which the answer has the types of its objects. */
  readonly typeKey: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/**
 * The answer as the client asked for it: its fields in their order, null where one was refused. A null that the schema does
 * not allow takes the object, the list or the whole answer around it along (GraphQL, 6.4.4).
 */
export function putNulls(data: Data, tree: readonly TreeNode[], options: PutNullsOptions): Data | null {
  const { isRefused, typeKey, variables } = options;

  const object = (value: Data, typeName: string | undefined, selections: readonly TreeNode[]): Data | null => {
    const fields = new Map<string, TreeField[]>();
    collect(selections, { typeName, variables }, fields);
    const answer: Record<string, unknown> = Object.create(null);
    for (const [key, group] of fields) {
      const [field] = group as [TreeField];
      // a field that one selection refuses may be allowed by another that is closer to the type
      const isThere = Object.hasOwn(value, key) && !group.every(isRefused);
      const below = group.flatMap((one) => one.selections ?? []);
      const completed = isThere ? complete(value[key], field.type, below) : null;
      if (completed === null && isNonNullType(field.type)) return null;
      answer[key] = completed;
    }
    return answer;
  };

  const complete = (value: unknown, type: GraphQLOutputType, selections: readonly TreeNode[]): unknown => {
    const nullable = getNullableType(type);
    if (value === null || value === undefined) return null;
    if (isListType(nullable)) {
      const items = (value as readonly unknown[]).map((item) => complete(item, nullable.ofType, selections));
      return isNonNullType(nullable.ofType) && items.includes(null) ? null : items;
    }
    if (selections.length === 0) return value;
    const of = getNamedType(nullable);
    const typeName = isAbstractType(of) ? String((value as Data)[typeKey]) : of.name;
    return object(value as Data, typeName, selections);
  };

  return object(data, undefined, tree);
}

/** Fields of an object by their names in the answer, in the order in which they first appear. */
function collect(
  selections: readonly TreeNode[],
  of: { readonly typeName: string | undefined; readonly variables: Readonly<Record<string, unknown>> },
  fields: Map<string, TreeField[]>,
): void {
  for (const selection of selections) {
    if (selection.kind === 'field') {
      if (!isIncluded(selection.node.directives, of.variables)) continue;
      const group = fields.get(selection.key);
      if (group === undefined) fields.set(selection.key, [selection]);
      else group.push(selection);
    } else if (isIncluded(selection.directives, of.variables)) {
      if (of.typeName === undefined || selection.scope.has(of.typeName)) collect(selection.selections, of, fields);
    }
  }
}
