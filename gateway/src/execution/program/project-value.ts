import {
  GraphQLID,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  getNamedType,
  isCompositeType,
  isEnumType,
  isLeafType,
  isListType,
  isNonNullType,
  isSpecifiedScalarType,
} from 'graphql';
import type { CollectedField } from './collect-fields.ts';
import { findValue } from './find-value.ts';
import { type Position, providersOf } from './layout.ts';
import { leafText } from './leaf-text.ts';
import type { Projecting } from './projecting.ts';
import { solePosition } from './sole-position.ts';
import { EMPTY_LIST, LIST } from './tape.ts';
import { Unsupported } from './unsupported.ts';
import { type LeafList, writeIdNumber, writeNested } from './write-values.ts';

export interface FieldAt {
  readonly position: Position;
  readonly type: GraphQLObjectType;
  readonly field: CollectedField;
}

/** Code that writes the value of a field, or returns false. */
export function valueCode(projecting: Projecting, { position, type, field }: FieldAt): string {
  const definition = type.getFields()[field.name];
  if (field.name === '__schema' || field.name === '__type') throw new Unsupported('introspection');
  if (definition === undefined) throw new Unsupported(`${type.name}.${field.name} is not in the schema`);
  const providers = providersOf(position, field.key);
  const named = getNamedType(definition.type);
  const value = projecting.source.name('v');
  if (isLeafType(named)) {
    const whole = isListType(nullableOf(definition.type)) || isAnyJson(named);
    const { declare, end } = findValue(providers, value, { isLeaf: true, onDifference: whole ? 'return false;' : '' });
    return `${declare} ${leafCode(projecting, { type: definition.type, named, value, end })}`;
  }
  const below = solePosition(providers, `${type.name}.${field.name}`);
  if (below === undefined) return 'return false;';
  if (!isCompositeType(named)) throw new Unsupported(`${type.name}.${field.name} is of no known kind`);
  const write = projecting.object(below, named, field.sets);
  const { declare } = findValue(providers, value, { isLeaf: false });
  return `${declare} ${compositeCode(projecting, definition.type, write, value)}`;
}

function nullableOf(type: GraphQLOutputType): GraphQLOutputType {
  return isNonNullType(type) ? type.ofType : type;
}

/** A scalar that is not of the specification can be any JSON. */
function isAnyJson(type: GraphQLLeafType): boolean {
  return !isEnumType(type) && !isSpecifiedScalarType(type);
}

interface LeafAt {
  readonly type: GraphQLOutputType;
  readonly named: GraphQLLeafType;
  readonly value: string;
  readonly end: string;
}

function leafCode(projecting: Projecting, { type, named, value, end }: LeafAt): string {
  const nullable = nullableOf(type);
  const orNull = isNonNullType(type) ? 'return false;' : `if (!writeNull(arena, ${value})) return false;`;
  if (isListType(nullable)) {
    const item = projecting.source.constant('list', {
      ...listShape(nullable.ofType),
      check: leafText(named),
      other: otherItem(named),
    });
    return `if (${value} < 0 || !writeLeafList(arena, ${value}, ${item}, 1)) { ${orNull} }`;
  }
  const copied = `if (${value} >= 0 && ${projecting.check(named)}(bytes, ${value}, ${end})) writeText(arena, ${value}, ${end});`;
  return `${copied} else ${otherSpelling(named, value, end)}${orNull}`;
}

function otherItem(type: GraphQLLeafType): LeafList['other'] {
  if (type.name === GraphQLID.name) return writeIdNumber;
  return isAnyJson(type) ? writeNested : undefined;
}

/** Values that are right, but cannot be copied as they are. */
function otherSpelling(type: GraphQLLeafType, value: string, end: string): string {
  if (type.name === GraphQLID.name) return `if (!writeIdNumber(arena, ${value}, ${end})) `;
  return isAnyJson(type) ? `if (!writeNested(arena, ${value}, ${end})) ` : '';
}

/** How deep lists are, and for each level whether its items may be null. */
function listShape(type: GraphQLOutputType): { readonly levels: number; readonly nullable: readonly boolean[] } {
  const nullable: boolean[] = [];
  let item = type;
  for (;;) {
    nullable.push(!isNonNullType(item));
    const bare = isNonNullType(item) ? item.ofType : item;
    if (!isListType(bare)) return { levels: nullable.length, nullable };
    item = bare.ofType;
  }
}

function compositeCode(projecting: Projecting, type: GraphQLOutputType, write: string, value: string): string {
  const nullable = nullableOf(type);
  const orNull = isNonNullType(type) ? 'return false;' : `if (!writeNullValue(arena, ${value})) return false;`;
  if (isListType(nullable)) {
    const list = generateList(projecting, nullable.ofType, write);
    return `if (${value} >= ${LIST} || ${value} === ${EMPTY_LIST}) { if (!${list}(arena, ${value})) return false; } else ${orNull}`;
  }
  return `if (${value} >= 0 && ${value} < ${LIST}) { if (!${write}(arena, ${value})) return false; } else ${orNull}`;
}

function generateList(projecting: Projecting, item: GraphQLOutputType, write: string): string {
  const name = projecting.source.name('writeList');
  projecting.source.add(`function ${name}(arena, list) {
  writeByte(arena, 91);
  const tape = arena.tape;
  for (let at = firstItem(list); at >= 0;) {
    const value = itemValue(tape, at);
    ${compositeCode(projecting, item, write, 'value')}
    at = tape[at];
    if (at >= 0) writeByte(arena, 44);
  }
  writeByte(arena, 93);
  return true;
}`);
  return name;
}
