import { Kind, parse, type SelectionSetNode } from 'graphql';
import type { DataRewrite, PlanStep } from '../plan/steps.ts';
import { renamePath } from './rewrites.ts';
import type { TypeRelations } from './type-relations.ts';

/** Response names, after renames, of what a step asks of an object; only failures need them. */
export type AskedFields = (typename: unknown) => readonly string[];

interface Asked {
  readonly field: string;
  /** Undefined: of any type. */
  readonly condition: string | undefined;
}

/** Of the roots of a step, or of the entities under a response key. `__typename` counts only when nothing else is asked. */
export function askedFields(step: PlanStep, responseKey: string | undefined, relations: TypeRelations): AskedFields {
  let asked: readonly Asked[] | undefined;
  return (typename) => {
    asked ??= read(step, responseKey);
    const names = new Set<string>();
    for (const { field, condition } of asked) {
      const fits = condition === undefined || typeof typename !== 'string' || relations.fits(typename, condition);
      if (fits) names.add(field);
    }
    if (names.size > 1) names.delete('__typename');
    return [...names];
  };
}

function read({ operation, renames }: PlanStep, responseKey: string | undefined): Asked[] {
  const [definition] = parse(operation, { noLocation: true }).definitions;
  const asked: Asked[] = [];
  if (definition?.kind !== Kind.OPERATION_DEFINITION) return asked;
  if (responseKey === undefined) add(definition.selectionSet, undefined, { renames, path: [] }, asked);
  for (const root of definition.selectionSet.selections) {
    if (root.kind !== Kind.FIELD || (root.alias ?? root.name).value !== responseKey) continue;
    if (root.selectionSet !== undefined) add(root.selectionSet, undefined, { renames, path: [responseKey] }, asked);
  }
  return asked;
}

function add(
  set: SelectionSetNode,
  condition: string | undefined,
  where: { readonly renames: readonly DataRewrite[]; readonly path: readonly string[] },
  asked: Asked[],
): void {
  for (const selection of set.selections) {
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      add(selection.selectionSet, selection.typeCondition?.name.value ?? condition, where, asked);
    }
    if (selection.kind !== Kind.FIELD) continue;
    const sent = (selection.alias ?? selection.name).value;
    const field = renamePath([...where.path, sent], where.renames).at(-1);
    if (typeof field === 'string') asked.push({ field, condition });
  }
}
