import type { GraphQLSchema } from 'graphql';
import type { EntityGroup, PlanStep } from '../plan/steps.ts';
import { type AskedFields, askedFields } from './asked-fields.ts';
import { type AskedTree, askedTree } from './asked-tree.ts';
import { type Represent, representer } from './representations.ts';
import type { TypeRelations } from './type-relations.ts';

/** A step with all that can be made ready before an operation runs. */
export interface StepProgram {
  readonly step: PlanStep;
  /** URL in the supergraph. */
  readonly address: string;
  /** The request's text up to the values of its variables. */
  readonly head: string;
  /** Of a step of root fields. */
  readonly asked: AskedFields;
  /** Of the whole answer, before its renames. */
  readonly askedTree: () => AskedTree;
  readonly groups: readonly GroupProgram[];
  /** Client path of what it completes, for its span. */
  readonly path: string;
}

export interface GroupProgram {
  readonly group: EntityGroup;
  readonly represent: Represent;
  readonly asked: AskedFields;
}

export interface ProgramContext {
  /** With all that clients do not see. */
  readonly supergraph: GraphQLSchema;
  readonly relations: TypeRelations;
  readonly addressOf: (subgraph: string) => string;
}

export function stepProgram(step: PlanStep, { supergraph, relations, addressOf }: ProgramContext): StepProgram {
  const { operation: query, operationName } = step;
  const groups = (step.groups ?? []).map((group) => ({
    group,
    represent: representer(group.requires, supergraph, relations),
    asked: askedFields(step, group.responseKey, relations),
  }));
  const places = step.groups === null ? [step.place] : step.groups.flatMap((group) => group.places);
  return {
    step,
    groups,
    address: addressOf(step.subgraph),
    head: `${JSON.stringify({ query, operationName }).slice(0, -1)},"variables":{`,
    asked: askedFields(step, undefined, relations),
    askedTree: askedTree(step),
    path: places.map((place) => place.join('.')).join(' '),
  };
}

/** The JSON text that is sent. `representations`: for each group, the texts of its representations. */
export function requestBody(
  { step, head, groups }: StepProgram,
  variables: Readonly<Record<string, unknown>>,
  representations: readonly (readonly string[])[],
): string {
  const parts: string[] = [];
  for (const name of step.variables) {
    const value = Object.hasOwn(variables, name) ? JSON.stringify(variables[name]) : undefined;
    if (value !== undefined) parts.push(`${JSON.stringify(name)}:${value}`);
  }
  for (const [index, { group }] of groups.entries()) {
    parts.push(`${JSON.stringify(group.representations)}:[${representations[index]?.join() ?? ''}]`);
  }
  return `${head}${parts.join()}}}`;
}
