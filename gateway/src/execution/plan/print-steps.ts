import {
  Kind,
  type OperationDefinitionNode,
  print,
  type SelectionSetNode,
  stripIgnoredCharacters,
  type VariableDefinitionNode,
  visit,
} from 'graphql';
import type { DraftGroup, DraftStep } from './draft-steps.ts';
import { hasPrefix, toClientName } from './response-names.ts';
import type { DataRewrite, EntityGroup, PlanStep } from './steps.ts';

/** The steps as they are sent and run. Each draft's `after` names earlier ones. */
export function printSteps(drafts: readonly DraftStep[]): PlanStep[] {
  return drafts.map((draft, id) => {
    const sets = draft.roots === null ? draft.groups.map(({ selections }) => selections) : [draft.roots];
    const used = new Set(sets.flatMap(variablesOf));
    const definitions = draft.variableDefinitions.filter(({ variable }) => used.has(variable.name.value));
    const variables = definitions.map(({ variable }) => toClientName(variable.name.value));
    const names = draft.groups.map((_, index) => groupNames(index, draft.groups.length, variables));
    const groups = draft.groups.map((group, index): EntityGroup => ({ ...pick(group), ...name(names, index) }));
    const text =
      draft.roots === null
        ? entityText(draft, definitions, groups)
        : compact(print(rootOperation(draft, definitions, draft.roots)));
    return {
      id,
      subgraph: draft.subgraph,
      type: draft.type,
      operation: text,
      operationName: draft.operationName,
      variables,
      groups: draft.roots === null ? groups : null,
      place: draft.place,
      after: draft.after,
      when: draft.when,
      renames:
        draft.roots === null ? draft.groups.flatMap((group, index) => below(group, name(names, index))) : draft.renames,
    };
  });
}

type Names = Pick<EntityGroup, 'responseKey' | 'representations'>;

function name(names: readonly Names[], index: number): Names {
  const found = names[index];
  if (found === undefined) throw new RangeError(`no group ${index}`);
  return found;
}

function pick({ places, requires, inputRewrites }: DraftGroup): Omit<EntityGroup, keyof Names> {
  return { places, requires, inputRewrites };
}

function groupNames(index: number, count: number, variables: readonly string[]): Names {
  const alone = count === 1;
  let representations = alone ? 'representations' : `r${index}`;
  while (variables.includes(representations)) representations += '_';
  return { responseKey: alone ? '_entities' : `e${index}`, representations };
}

function below({ renames }: DraftGroup, { responseKey }: Names): DataRewrite[] {
  return renames.map((rewrite) => ({ ...rewrite, path: [responseKey, ...rewrite.path] }));
}

function rootOperation(
  draft: DraftStep,
  definitions: readonly VariableDefinitionNode[],
  selectionSet: SelectionSetNode,
): OperationDefinitionNode {
  return withClientVariables({
    kind: Kind.OPERATION_DEFINITION,
    operation: draft.type as OperationDefinitionNode['operation'],
    ...(draft.operationName !== undefined && { name: { kind: Kind.NAME, value: draft.operationName } }),
    variableDefinitions: definitions,
    selectionSet,
  });
}

function entityText(
  draft: DraftStep,
  definitions: readonly VariableDefinitionNode[],
  groups: readonly EntityGroup[],
): string {
  const variables = [
    ...groups.map(({ representations }) => `$${representations}:[_Any!]!`),
    ...definitions.map((definition) => compact(print(withClientVariables(definition)))),
  ];
  const fields = groups.map(({ responseKey, representations }, index) => {
    const alias = responseKey === '_entities' ? '' : `${responseKey}:`;
    const selections = draft.groups[index]?.selections;
    if (selections === undefined) throw new RangeError(`no group ${index}`);
    return `${alias}_entities(representations:$${representations})${compact(print(withClientVariables(selections)))}`;
  });
  const name = draft.operationName === undefined ? '' : ` ${draft.operationName}`;
  return `query${name}(${variables.join('')}){${fields.join(' ')}}`;
}

function variablesOf(set: SelectionSetNode): string[] {
  const names: string[] = [];
  visit(set, { Variable: ({ name: { value } }) => void names.push(value) });
  return names;
}

type Printable = OperationDefinitionNode | VariableDefinitionNode | SelectionSetNode;

function withClientVariables<Node extends Printable>(node: Node): Node {
  return visit(node, {
    Variable: (variable) =>
      hasPrefix(variable.name.value)
        ? { ...variable, name: { ...variable.name, value: toClientName(variable.name.value) } }
        : undefined,
  });
}

function compact(text: string): string {
  return stripIgnoredCharacters(text);
}
