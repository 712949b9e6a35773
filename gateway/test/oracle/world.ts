/** A generated graph: what is true of every type, and which subgraph says what about it. Plain data, so that a case can be cut down. */
export interface World {
  readonly seed: number;
  readonly subgraphs: readonly string[];
  readonly objects: ObjectType[];
  readonly interfaces: InterfaceType[];
  readonly unions: UnionType[];
  /** Some fields fail for some objects. */
  readonly faults: boolean;
}

export type Shape =
  | { readonly named: string; readonly nonNull: boolean }
  | { readonly list: Shape; readonly nonNull: boolean };

export interface Argument {
  readonly name: string;
  /** As in SDL: `[Int!]! = [1]` */
  readonly type: string;
}

/** What one subgraph says about a field. */
export interface Declaration {
  readonly subgraph: string;
  /** Says nullable, though others say non-null. */
  readonly loose?: boolean;
  external?: boolean;
  readonly requires?: string;
  provides?: string;
  /** Taken over from this subgraph. */
  readonly override?: string;
  /** Another one took it over: never asked here. */
  readonly overridden?: boolean;
}

export interface Field {
  readonly name: string;
  /** The strictest that any subgraph says; its values are of this shape. */
  readonly shape: Shape;
  readonly arguments: readonly Argument[];
  readonly declarations: Declaration[];
  faulty: boolean;
  shareable: boolean;
  readonly inaccessible?: boolean;
  /** Of a mutation: how many mutations ran before it. */
  readonly counts?: boolean;
}

export type KeyKind = 'id' | 'code' | 'pair' | 'place' | 'owner';

export interface Key {
  readonly kind: KeyKind;
  readonly subgraph: string;
  readonly resolvable: boolean;
}

export interface ObjectType {
  readonly name: string;
  readonly kind: 'root' | 'entity' | 'value';
  readonly fields: Field[];
  readonly keys: Key[];
  /** Whose numbers its objects have: its own name, or that of the interface it is an entity of. */
  readonly space: string;
  /** For the key `owner`: the entity that is part of it. */
  readonly owner?: string;
  /** Where it is declared, beside where its fields and keys are. */
  readonly subgraphs: Set<string>;
}

export interface InterfaceType {
  readonly name: string;
  /** Names of its fields in each subgraph that declares it. */
  readonly fields: Record<string, string[]>;
  /** Types that implement it, in each subgraph that declares it. */
  readonly members: Record<string, string[]>;
  /** It has keys: its members share the numbers of one space. */
  readonly entity: boolean;
  /** Subgraphs that know it as an object only, with the fields of `object`. */
  readonly objectIn: readonly string[];
  /** What those subgraphs add to it. */
  readonly object: ObjectType | undefined;
}

export interface UnionType {
  readonly name: string;
  readonly members: Record<string, string[]>;
}

export const LEAVES = ['Int', 'Float', 'String', 'Boolean', 'ID', 'Color', 'Json'] as const;
export const COLORS = ['RED', 'GREEN', 'BLUE'] as const;

export function namedOf(shape: Shape): string {
  return 'list' in shape ? namedOf(shape.list) : shape.named;
}

export function isLeaf(shape: Shape): boolean {
  return (LEAVES as readonly string[]).includes(namedOf(shape));
}

export function printShape(shape: Shape, loose = false): string {
  const inner = 'list' in shape ? `[${printShape(shape.list)}]` : shape.named;
  return shape.nonNull && !loose ? `${inner}!` : inner;
}

export function objectNamed(world: World, name: string): ObjectType | undefined {
  return (
    world.objects.find((type) => type.name === name) ??
    world.interfaces.find((type) => type.object?.name === name)?.object
  );
}

/** A field of an object, or what subgraphs that know only its interface add to it, with the type that it belongs to. */
export function fieldNamed(
  world: World,
  type: string,
  name: string,
): { readonly owner: ObjectType; readonly field: Field } | undefined {
  const own = objectNamed(world, type);
  const found = own?.fields.find((field) => field.name === name);
  if (own !== undefined && found !== undefined) return { owner: own, field: found };
  if (own === undefined || own.space === type) return undefined;
  return fieldNamed(world, own.space, name);
}

/** Whether `subgraph` can answer the field on its own. */
export function isServedBy(field: Field, subgraph: string): boolean {
  return field.declarations.some((one) => one.subgraph === subgraph && !one.external && !one.overridden);
}

export function declarationIn(field: Field, subgraph: string): Declaration | undefined {
  return field.declarations.find((one) => one.subgraph === subgraph);
}

/** Types that a field may give: those that every subgraph that declares it can name. */
export function candidatesOf(world: World, field: Field): readonly string[] {
  const target = namedOf(field.shape);
  const lists = field.declarations.map(({ subgraph }) => possibleIn(world, target, subgraph));
  const [first = [], ...rest] = lists;
  return first.filter((name) => rest.every((list) => list.includes(name)));
}

/** Object types that a type stands for in one subgraph. */
export function possibleIn(world: World, target: string, subgraph: string): readonly string[] {
  const union = world.unions.find(({ name }) => name === target);
  if (union !== undefined) return union.members[subgraph] ?? [];
  const found = world.interfaces.find(({ name }) => name === target);
  if (found === undefined) return [target];
  // who knows only the interface may give any of its objects
  if (found.objectIn.includes(subgraph)) return Object.values(found.members)[0] ?? [];
  return found.members[subgraph] ?? [];
}
