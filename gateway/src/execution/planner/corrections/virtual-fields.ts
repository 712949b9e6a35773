import {
  type ArgumentNode,
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type FieldNode,
  type InterfaceTypeDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  parse,
  print,
  type SelectionSetNode,
  stripIgnoredCharacters,
  type TypeNode,
  visit,
} from 'graphql';

/** A field without arguments that stands, for the planner, for a field with certain arguments. */
export interface VirtualField {
  readonly field: string;
  readonly arguments: readonly ArgumentNode[];
}

export interface VirtualFields {
  readonly supergraph: DocumentNode;
  readonly byName: ReadonlyMap<string, VirtualField>;
  /** `Product.shippingEstimate` -> the virtual fields in its requirement. */
  readonly requiredBy: ReadonlyMap<string, ReadonlySet<string>>;
}

type FieldsDefinition = ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode;

interface Found {
  readonly types: ReadonlyMap<string, FieldsDefinition>;
  readonly byName: Map<string, VirtualField>;
  readonly nameOf: Map<string, string>;
  /** By type: real name and virtual name of each field to add. */
  readonly added: Map<string, [field: string, as: string][]>;
  /** `Type.field`: has arguments in some requirement, so gets a name of its own in every one, even where it has none. */
  readonly always: ReadonlySet<string>;
}

/**
 * Gives every field that a `@requires` asks with arguments a name of its own. @apollo/query-planner merges fields by name,
 * so that `price(currency: EUR)` of one requirement would be answered with `price(currency: USD)` of another, or of the
 * client. Under different names they are fetched side by side.
 */
export function withVirtualFields(supergraph: DocumentNode): VirtualFields {
  const definitions = supergraph.definitions.filter(hasFields);
  const withArguments = emptyFound(definitions, new Set());
  for (const definition of definitions) rewriteRequirements(definition, withArguments, new Map());
  const found = emptyFound(
    definitions,
    new Set([...withArguments.nameOf.keys()].map((key) => key.split('(')[0] ?? '')),
  );
  const requiredBy = new Map<string, ReadonlySet<string>>();
  const rewritten = new Map(
    definitions.map((definition) => [definition.name.value, rewriteRequirements(definition, found, requiredBy)]),
  );
  if (found.byName.size === 0) return { supergraph, byName: found.byName, requiredBy };
  const all = supergraph.definitions.map((definition) => {
    const own = hasFields(definition) ? rewritten.get(definition.name.value) : undefined;
    return own === undefined ? definition : withCopies(own, found, requiredBy);
  });
  return { supergraph: { ...supergraph, definitions: all }, byName: found.byName, requiredBy };
}

/** Copies of the real fields, so that the same subgraphs can resolve them, and by the same requirements. */
function withCopies(
  definition: FieldsDefinition,
  { added }: Found,
  requiredBy: Map<string, ReadonlySet<string>>,
): FieldsDefinition {
  const type = definition.name.value;
  const copies = (added.get(type) ?? []).flatMap(([field, as]): FieldDefinitionNode[] => {
    const real = definition.fields?.find(({ name }) => name.value === field);
    const required = requiredBy.get(`${type}.${field}`);
    if (required !== undefined) requiredBy.set(`${type}.${as}`, required);
    return real === undefined ? [] : [{ ...real, name: { ...real.name, value: as }, arguments: [] }];
  });
  return { ...definition, fields: [...(definition.fields ?? []), ...copies] };
}

function emptyFound(definitions: readonly FieldsDefinition[], always: ReadonlySet<string>): Found {
  const types = new Map(definitions.map((definition) => [definition.name.value, definition]));
  return { types, byName: new Map(), nameOf: new Map(), added: new Map(), always };
}

function hasFields(definition: { readonly kind: Kind }): definition is FieldsDefinition {
  return definition.kind === Kind.OBJECT_TYPE_DEFINITION || definition.kind === Kind.INTERFACE_TYPE_DEFINITION;
}

function rewriteRequirements(
  definition: FieldsDefinition,
  found: Found,
  requiredBy: Map<string, ReadonlySet<string>>,
): FieldsDefinition {
  const type = definition.name.value;
  const fields = definition.fields?.map((field) => {
    const used = new Set<string>();
    const directives = field.directives?.map((directive) => rewriteDirective(directive, type, found, used));
    if (used.size === 0) return field;
    requiredBy.set(`${type}.${field.name.value}`, used);
    return { ...field, directives: directives ?? [] };
  });
  return { ...definition, fields: fields ?? [] };
}

function rewriteDirective(
  directive: ConstDirectiveNode,
  type: string,
  found: Found,
  used: Set<string>,
): ConstDirectiveNode {
  if (directive.name.value !== 'join__field') return directive;
  const given = directive.arguments?.map((argument) => {
    if (argument.name.value !== 'requires' || argument.value.kind !== Kind.STRING) return argument;
    const before = used.size;
    const set = virtualise(selectionSet(argument.value.value), type, found, used);
    if (used.size === before) return argument;
    const text = stripIgnoredCharacters(print(set)).slice(1, -1);
    return { ...argument, value: { ...argument.value, value: text } };
  });
  return given === undefined ? directive : { ...directive, arguments: given };
}

function selectionSet(fieldSet: string): SelectionSetNode {
  const [operation] = parse(`{${fieldSet}}`, { noLocation: true }).definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error(`not a set of fields: ${fieldSet}`);
  return operation.selectionSet;
}

function virtualise(set: SelectionSetNode, type: string, found: Found, used: Set<string>): SelectionSetNode {
  const selections = set.selections.map((selection) => {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return selection;
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      const inner = selection.typeCondition?.name.value ?? type;
      return { ...selection, selectionSet: virtualise(selection.selectionSet, inner, found, used) };
    }
    const definition = found.types.get(type)?.fields?.find(({ name }) => name.value === selection.name.value);
    if (definition === undefined) return selection;
    const inner: FieldNode =
      selection.selectionSet === undefined
        ? selection
        : { ...selection, selectionSet: virtualise(selection.selectionSet, namedType(definition.type), found, used) };
    if (!selection.arguments?.length && !found.always.has(`${type}.${selection.name.value}`)) return inner;
    const name = virtualName(type, selection, found);
    used.add(name);
    return { ...inner, name: { ...selection.name, value: name }, arguments: [] };
  });
  return { ...set, selections };
}

function virtualName(type: string, { name, arguments: given = [] }: FieldNode, found: Found): string {
  const key = `${type}.${name.value}(${given.map(print).sort().join()})`;
  const known = found.nameOf.get(key);
  if (known !== undefined) return known;
  const made = `v__${found.byName.size}_${name.value}`;
  found.nameOf.set(key, made);
  found.byName.set(made, { field: name.value, arguments: given });
  const add = (to: string) => found.added.set(to, [...(found.added.get(to) ?? []), [name.value, made]]);
  add(type);
  if (found.types.get(type)?.kind === Kind.INTERFACE_TYPE_DEFINITION) {
    for (const [member, { interfaces }] of found.types) {
      if (interfaces?.some((one) => one.name.value === type)) add(member);
    }
  }
  return made;
}

function namedType(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type);
}

/** Puts the real fields back, each under its virtual name as an alias. */
export function withRealFields<Node extends SelectionSetNode | DocumentNode>(
  node: Node,
  byName: VirtualFields['byName'],
): Node {
  if (byName.size === 0) return node;
  return visit(node, {
    Field(field) {
      const virtual = byName.get(field.name.value);
      if (virtual === undefined) return undefined;
      return {
        ...field,
        alias: field.alias ?? field.name,
        name: { ...field.name, value: virtual.field },
        arguments: virtual.arguments,
      };
    },
  });
}
