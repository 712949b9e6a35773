import { type DocumentNode, Kind, parse, type StringValueNode, valueFromASTUntyped } from 'graphql';

/** What the supergraph says of a field in one subgraph. */
export interface ServedField {
  /** Only named there, and answered by others. */
  readonly external: boolean;
  /** Names of the fields that a representation must hold. */
  readonly requires: readonly string[];
  /** Names of the external fields that are answered below this one, however deep. */
  readonly provides: readonly string[];
}

/** Undefined: nothing is said, so the subgraph answers it. */
export type ServedFields = (subgraph: string, type: string, field: string) => ServedField | undefined;

/** Reads `@join__field`. Keys are served wherever they are keys. */
export function servedFields(supergraph: DocumentNode): ServedFields {
  const subgraphOf = new Map<unknown, string>();
  const fields = new Map<string, ServedField>();
  const keys = new Set<string>();
  for (const definition of supergraph.definitions) {
    if (definition.kind === Kind.ENUM_TYPE_DEFINITION && definition.name.value === 'join__Graph') {
      for (const { name, directives } of definition.values ?? []) {
        subgraphOf.set(name.value, String(argumentsOf(directives?.[0]).name));
      }
    }
  }
  for (const definition of supergraph.definitions) {
    if (!('fields' in definition)) continue;
    const type = definition.name.value;
    for (const directive of definition.directives ?? []) {
      if (directive.name.value !== 'join__type') continue;
      const { graph, key } = argumentsOf(directive);
      for (const name of topNames(key)) keys.add(`${subgraphOf.get(graph)} ${type}.${name}`);
    }
    for (const field of definition.fields ?? []) {
      for (const directive of field.directives ?? []) {
        if (directive.name.value !== 'join__field') continue;
        const { graph, external, requires, provides } = argumentsOf(directive);
        const coordinate = `${subgraphOf.get(graph)} ${type}.${field.name.value}`;
        fields.set(coordinate, {
          external: external === true && !keys.has(coordinate),
          requires: topNames(requires),
          provides: typeof provides === 'string' ? (provides.match(/\w+/g) ?? []) : [],
        });
      }
    }
  }
  return (subgraph, type, field) => fields.get(`${subgraph} ${type}.${field}`);
}

function argumentsOf(directive: { readonly arguments?: readonly unknown[] } | undefined): Record<string, unknown> {
  const given = (directive?.arguments ?? []) as readonly { name: { value: string }; value: StringValueNode }[];
  return Object.fromEntries(given.map(({ name, value }) => [name.value, valueFromASTUntyped(value)]));
}

function topNames(fieldSet: unknown): string[] {
  if (typeof fieldSet !== 'string') return [];
  const [operation] = parse(`{${fieldSet}}`, { noLocation: true }).definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) return [];
  return operation.selectionSet.selections.flatMap((one) => (one.kind === Kind.FIELD ? [one.name.value] : []));
}
