import { Kind, type SelectionNode } from 'graphql';
import { toClientName } from './response-names.ts';

/** Values that variables of the client must have. */
export type ConditionSet = ReadonlyMap<string, boolean>;

/** With those of a selection's own directives. Undefined when they can never hold together. */
export function withConditions(known: ConditionSet, { directives = [] }: SelectionNode): ConditionSet | undefined {
  if (directives.length === 0) return known;
  const all = new Map(known);
  for (const { name, arguments: given } of directives) {
    if (name.value !== 'skip' && name.value !== 'include') continue;
    const is = name.value === 'include';
    const value = given?.[0]?.value;
    if (value?.kind === Kind.BOOLEAN && value.value !== is) return undefined;
    if (value?.kind !== Kind.VARIABLE) continue;
    const variable = toClientName(value.name.value);
    if (all.get(variable) === !is) return undefined;
    all.set(variable, is);
  }
  return all;
}

/** Whenever `given` holds, `needed` does. */
export function implies(given: ConditionSet, needed: ConditionSet): boolean {
  return [...needed].every(([variable, is]) => given.get(variable) === is);
}
