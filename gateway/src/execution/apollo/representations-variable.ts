import { type DocumentNode, Kind, visit } from 'graphql';
import type { EngineOperation } from '../engine.ts';

/** @apollo/gateway names its own variable so, and fails when a client's has the same name. */
const TAKEN = 'representations';
const FREE = 'representations_of_client';

/** The same operation under a variable name that @apollo/gateway leaves alone. Most operations come back as they are. */
export function withoutTakenVariable(operation: EngineOperation): EngineOperation {
  const taken = operation.document.definitions.some(
    (definition) =>
      definition.kind === Kind.OPERATION_DEFINITION &&
      definition.variableDefinitions?.some(({ variable }) => variable.name.value === TAKEN),
  );
  if (!taken) return operation;
  const document: DocumentNode = visit(operation.document, {
    Variable: (node) => (node.name.value === TAKEN ? { ...node, name: { ...node.name, value: FREE } } : undefined),
  });
  const { [TAKEN]: value, ...others } = operation.variables;
  const variables = value === undefined ? others : { ...others, [FREE]: value };
  return { ...operation, document, variables };
}
