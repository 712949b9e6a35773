import { type DirectiveNode, Kind } from 'graphql';
import { toClientName } from '../plan/response-names.ts';
import { Unsupported } from './unsupported.ts';

export interface VariableCondition {
  /** As the client named it. */
  readonly variable: string;
  readonly is: boolean;
}

/** All hold. Sorted, without repetition; empty: always. */
export type Conjunction = readonly VariableCondition[];

/** Bits of an int that stay clear of its sign. */
const MOST_CONDITIONS = 30;

/**
 * What `@skip` and `@include` of a selection add to a condition; undefined: it is never selected. `decided`: the values of
 * all variables, where they are known.
 */
export function withDirectives(
  when: Conjunction,
  directives: readonly DirectiveNode[] | undefined,
  decided?: (variable: string) => boolean,
): Conjunction | undefined {
  let all = when;
  for (const { name, arguments: given } of directives ?? []) {
    if (name.value !== 'skip' && name.value !== 'include') continue;
    const value = given?.find((argument) => argument.name.value === 'if')?.value;
    const is = name.value === 'include';
    if (value?.kind === Kind.BOOLEAN && value.value !== is) return undefined;
    if (value?.kind !== Kind.VARIABLE) continue;
    const variable = toClientName(value.name.value);
    if (decided !== undefined) {
      if (decided(variable) !== is) return undefined;
      continue;
    }
    const known = all.find((condition) => condition.variable === variable);
    if (known === undefined) all = [...all, { variable, is }];
    else if (known.is !== is) return undefined;
  }
  return all;
}

export function textOf(when: Conjunction): string {
  return when
    .map(({ variable, is }) => `${is ? '' : '!'}$${variable}`)
    .sort()
    .join(' && ');
}

/** The conditions of a program: each has a bit, set once for an operation from its variables. */
export interface Conditions {
  bitOf(when: Conjunction): number;
  evaluate(isTrue: (variable: string) => boolean): number;
}

export function createConditions(): Conditions {
  const known: { readonly text: string; readonly when: Conjunction }[] = [];
  return {
    bitOf(when) {
      const text = textOf(when);
      let index = known.findIndex((other) => other.text === text);
      if (index === -1) index = known.push({ text, when }) - 1;
      if (index >= MOST_CONDITIONS) throw new Unsupported(`more than ${MOST_CONDITIONS} conditions`);
      return 1 << index;
    },
    evaluate(isTrue) {
      let bits = 0;
      for (const [index, { when }] of known.entries()) {
        if (when.every(({ variable, is }) => isTrue(variable) === is)) bits |= 1 << index;
      }
      return bits;
    },
  };
}
