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
    if (was !== undefined && is !== undefined && isSame(was, is)) continue;
    const isRoot = roots.has(name);
    if (!isRoot) touched.add(name);
    if (was === undefined || is === undefined) continue;
    if (!isRoot) changes.push(...changeOf(name, keysOf(was), keysOf(is)));
    const fields = fieldsOf(was);
    for (const [field, node] of fieldsOf(is)) {
      const same = fields.get(field);
      if (same === undefined) continue;
      const found = changeOf(`${name}.${field}`, answersOf(same, was), answersOf(node, is));
      changes.push(...found);
      if (isRoot && found.length > 0) touched.add(`${name}.${field}`);
    }
  }
  return { changes, touched };
}

/** The texts that they were parsed from tell most of them; printing takes ten times as long. */
function isSame(a: DefinitionNode, b: DefinitionNode): boolean {
  const source = sourceOf(a);
  return a === b || (source !== undefined && source === sourceOf(b)) || print(a) === print(b);
}

function sourceOf({ loc }: DefinitionNode): string | undefined {
  return loc?.source.body.slice(loc.start, loc.end);
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

function changeOf(coordinate: string, from: string, to: string): SupergraphChange[] {
  if (from === to) return [];
  return [{ coordinate, message: `${coordinate} was answered by ${from}, and is by ${to}.` }];
}

/** `products by id, sku; inventory by id`: the subgraphs that know a type, and the keys that lead there. */
function keysOf(type: Element): string {
  const byGraph = Map.groupBy(joinsOf(type, 'type'), ({ graph }) => String(graph).toLowerCase());
  const parts = [...byGraph].map(([graph, joins]) => {
    const keys = joins.flatMap(({ key }) => key ?? []);
    return keys.length === 0 ? graph : `${graph} by ${keys.join(', ')}`;
  });
  return parts.join('; ');
}

/** `products, orders (provides name)`: the subgraphs that answer a field. Without a word of its own, those of its type. */
function answersOf(field: Element, type: Element): string {
  const own = joinsOf(field, 'field');
  const joins = own.length > 0 ? own : joinsOf(type, 'type').map(({ graph }) => ({ graph }));
  const parts = joins.map(
    ({ graph, external, requires, provides, overrideLabel }: Readonly<Record<string, unknown>>) => {
      const notes = [
        external === true ? 'external' : [],
        requires === undefined ? [] : `requires ${String(requires)}`,
        provides === undefined ? [] : `provides ${String(provides)}`,
        overrideLabel === undefined ? [] : `overrides for ${String(overrideLabel)}`,
      ].flat();
      return `${String(graph).toLowerCase()}${notes.length === 0 ? '' : ` (${notes.join(', ')})`}`;
    },
  );
  return [...new Set(parts)].join(', ');
}

function joinsOf({ directives = [] }: Element, what: 'type' | 'field'): Readonly<Record<string, unknown>>[] {
  return directives.filter(({ name }) => name.value === `join__${what}`).map(argumentsOf);
}

function argumentsOf({ arguments: given = [] }: DirectiveNode): Readonly<Record<string, unknown>> {
  return Object.fromEntries(given.map(({ name, value }) => [name.value, valueFromASTUntyped(value)]));
}
