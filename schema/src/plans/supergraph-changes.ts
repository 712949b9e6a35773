import { type DefinitionNode, type DirectiveNode, type DocumentNode, Kind, print, valueFromASTUntyped } from 'graphql';

/** A difference that clients cannot see, and that plans are made of. */
export interface SupergraphChange {
  readonly coordinate: string;
  readonly message: string;
}

export interface SupergraphChanges {
  readonly changes: readonly SupergraphChange[];
  /**
   * Types whose definition is another one, and for the root types, which every subgraph adds to, `Query.field`: only
   * operations that touch one of them can have another plan.
   */
  readonly touched: ReadonlySet<string>;
}

type Element = { readonly directives?: readonly DirectiveNode[] | undefined };

/** Compares what @join says of each type and field: who answers it, by which keys, with what it provides and requires. */
export function supergraphChanges(base: DocumentNode, next: DocumentNode): SupergraphChanges {
  const [before, after] = [definitionsOf(base), definitionsOf(next)];
  const roots = new Set([...rootTypesOf(base), ...rootTypesOf(next)]);
  const touched = new Set<string>();
  const changes: SupergraphChange[] = [];
  for (const name of new Set([...before.keys(), ...after.keys()])) {
    const [was, is] = [before.get(name), after.get(name)];
    if (was !== undefined && is !== undefined && print(was) === print(is)) continue;
    const isRoot = roots.has(name);
    if (!isRoot) touched.add(name);
    if (was === undefined || is === undefined) continue;
    if (!isRoot) changes.push(...changeOf(name, was, is, 'type'));
    const fields = fieldsOf(was);
    for (const [field, node] of fieldsOf(is)) {
      const same = fields.get(field);
      if (same === undefined) continue;
      const found = changeOf(`${name}.${field}`, same, node, 'field');
      changes.push(...found);
      if (isRoot && found.length > 0) touched.add(`${name}.${field}`);
    }
  }
  return { changes, touched };
}

function rootTypesOf({ definitions }: DocumentNode): string[] {
  return definitions.flatMap((node) =>
    node.kind === Kind.SCHEMA_DEFINITION ? node.operationTypes.map(({ type }) => type.name.value) : [],
  );
}

function definitionsOf({ definitions }: DocumentNode): Map<string, DefinitionNode> {
  return new Map(
    definitions.flatMap((node): [string, DefinitionNode][] => {
      if (!('name' in node) || node.name === undefined || node.kind === Kind.DIRECTIVE_DEFINITION) return [];
      return /^(join|link)__/.test(node.name.value) ? [] : [[node.name.value, node]];
    }),
  );
}

function fieldsOf(node: DefinitionNode): Map<string, Element> {
  if (!('fields' in node)) return new Map();
  return new Map((node.fields ?? []).map((field) => [field.name.value, field as Element]));
}

function changeOf(coordinate: string, before: Element, after: Element, what: 'type' | 'field'): SupergraphChange[] {
  const [from, to] = [joinsOf(before, what), joinsOf(after, what)];
  if (from === to) return [];
  const all = 'whoever has its type';
  const message = `${coordinate} was answered by ${from || all}, and is by ${to || all}.`;
  return [{ coordinate, message }];
}

/** `products by id, sku; inventory by id` of a type; `products, orders (provided)` of a field. */
function joinsOf({ directives = [] }: Element, what: 'type' | 'field'): string {
  const joins = directives.filter(({ name }) => name.value === `join__${what}`).map(argumentsOf);
  if (what === 'type') {
    const byGraph = Map.groupBy(joins, ({ graph }) => String(graph).toLowerCase());
    return [...byGraph]
      .map(
        ([graph, all]) =>
          `${graph}${listOf(
            ' by ',
            all.flatMap(({ key }) => key ?? []),
          )}`,
      )
      .join('; ');
  }
  return joins
    .map(({ graph, external, requires, provides, overrideLabel }) => {
      const notes = [
        external === true ? 'external' : [],
        requires === undefined ? [] : `requires ${String(requires)}`,
        provides === undefined ? [] : `provides ${String(provides)}`,
        overrideLabel === undefined ? [] : `overrides for ${String(overrideLabel)}`,
      ].flat();
      return `${String(graph).toLowerCase()}${notes.length === 0 ? '' : ` (${notes.join(', ')})`}`;
    })
    .join(', ');
}

function argumentsOf({ arguments: given = [] }: DirectiveNode): Readonly<Record<string, unknown>> {
  return Object.fromEntries(given.map(({ name, value }) => [name.value, valueFromASTUntyped(value)]));
}

function listOf(before: string, items: readonly unknown[]): string {
  return items.length === 0 ? '' : `${before}${items.join(', ')}`;
}
