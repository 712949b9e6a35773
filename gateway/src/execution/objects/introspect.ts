import { executeSync, type FieldNode, type GraphQLSchema, Kind, type OperationDefinitionNode } from 'graphql';
import type { OperationPlan } from '../plan/operation-plan.ts';
import { toClientName } from '../plan/response-names.ts';

/** Answers `__schema` and `__type` of one operation from the schema that clients see. */
export function createIntrospection(schema: GraphQLSchema, { operation, fragments }: OperationPlan) {
  const constant = (operation.variableDefinitions ?? []).length === 0;
  const known = new Map<readonly FieldNode[], unknown>();
  return (nodes: readonly FieldNode[], variables: Readonly<Record<string, unknown>>): unknown => {
    if (known.has(nodes)) return known.get(nodes);
    const only: OperationDefinitionNode = {
      ...operation,
      directives: [],
      selectionSet: { kind: Kind.SELECTION_SET, selections: nodes },
    };
    const { data } = executeSync({
      schema,
      document: { kind: Kind.DOCUMENT, definitions: [only, ...fragments.values()] },
      rootValue: {},
      variableValues: variablesOf(operation, variables),
    });
    const answer = withClientNames(Object.values(data ?? {})[0]);
    if (constant) known.set(nodes, answer);
    return answer;
  };
}

function variablesOf({ variableDefinitions = [] }: OperationDefinitionNode, given: Readonly<Record<string, unknown>>) {
  const values: Record<string, unknown> = {};
  for (const { variable } of variableDefinitions) {
    const name = toClientName(variable.name.value);
    if (Object.hasOwn(given, name)) values[variable.name.value] = given[name];
  }
  return values;
}

function withClientNames(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withClientNames);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [toClientName(key), withClientNames(inner)]));
}
