import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  visit,
} from 'graphql';
import { hasPrefix, toPrefixed } from './response-names.ts';

/** One operation of a client's document under names that a planner and the subgraphs' answers can live with. */
export interface Plannable {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
}

export interface PlannerNames {
  /** Every name of a field that a plan can fetch unasked. */
  readonly reserved: Pick<ReadonlySet<string>, 'has'>;
  /** Names in keys and requirements, which are fetched without arguments under their own names. */
  readonly inFieldSets: ReadonlySet<string>;
}

/** The variable of every entity fetch; planners give it no other name, whatever the client's variables are. */
const REPRESENTATIONS = 'representations';

/** `operationName` picks an operation that exists; undefined: the only one. */
export function toPlannable(document: DocumentNode, operationName: string | undefined, names: PlannerNames): Plannable {
  const definitions = document.definitions.filter(
    (definition) =>
      definition.kind === Kind.FRAGMENT_DEFINITION ||
      (definition.kind === Kind.OPERATION_DEFINITION &&
        (operationName === undefined || definition.name?.value === operationName)),
  );
  const renamed: DocumentNode = visit(
    { ...document, definitions },
    {
      Field: (field) => prefixedField(field, names),
      Variable: (variable) =>
        variable.name.value === REPRESENTATIONS || hasPrefix(variable.name.value)
          ? { ...variable, name: { ...variable.name, value: toPrefixed(variable.name.value) } }
          : undefined,
    },
  );
  return plannableOf(renamed);
}

/** A document of one operation whose names are such already. */
export function plannableOf(document: DocumentNode): Plannable {
  const operation = document.definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  if (operation === undefined) throw new Error('the document has no such operation');
  const fragments = new Map(
    document.definitions.flatMap((definition) =>
      definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition] as const] : [],
    ),
  );
  return { document, operation, fragments };
}

function prefixedField(field: FieldNode, names: PlannerNames): FieldNode | undefined {
  const responseName = field.alias?.value ?? field.name.value;
  const aliased = responseName !== field.name.value;
  const needed = aliased
    ? names.reserved.has(responseName) || responseName.startsWith('__')
    : names.inFieldSets.has(responseName) && field.arguments !== undefined && field.arguments.length > 0;
  if (!needed && !hasPrefix(responseName) && !meansSomethingToJavaScript(responseName)) return undefined;
  return { ...field, alias: { kind: Kind.NAME, value: toPrefixed(responseName) } };
}

function meansSomethingToJavaScript(name: string): boolean {
  return name === 'then' || name in Object.prototype;
}
