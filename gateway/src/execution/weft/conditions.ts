import { type ASTNode, Kind, visit } from 'graphql';
import { toClientName } from '../plan/response-names.ts';

/** The variables on which `@skip` and `@include` depend. */
export interface Conditions {
  /** The client's names. */
  readonly variables: readonly string[];
  /** Equal for equal values of all of them. */
  key(isTrue: (variable: string) => boolean): string;
}

export function conditionsOf(nodes: readonly ASTNode[]): Conditions {
  const names = new Set<string>();
  for (const node of nodes) {
    visit(node, {
      Directive({ name, arguments: given }) {
        if (name.value !== 'skip' && name.value !== 'include') return;
        const value = given?.[0]?.value;
        if (value?.kind === Kind.VARIABLE) names.add(toClientName(value.name.value));
      },
    });
  }
  const variables = [...names];
  return { variables, key: (isTrue) => variables.map((variable) => (isTrue(variable) ? '1' : '0')).join('') };
}
