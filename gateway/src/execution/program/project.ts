import {
  type GraphQLObjectType,
  type GraphQLOutputType,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { toClientName } from '../plan/response-names.ts';
import { type CollectedField, type ConditionalSet, collectFields } from './collect-fields.ts';
import { findValue } from './find-value.ts';
import { type Position, providersOf } from './layout.ts';
import { leafRun } from './leaf-run.ts';
import { leafText } from './leaf-text.ts';
import { memoCode } from './memo.ts';
import type { Projecting } from './projecting.ts';
import { solePosition } from './sole-position.ts';
import { EMPTY_LIST, LIST } from './tape.ts';
import { typeNames } from './type-names.ts';
import { Unsupported } from './unsupported.ts';

/**
 * Generates the function that writes the client's answer for the objects of a position: `(arena, record) => boolean`.
 *
 * It writes only what needs no thought: values of the right kind, and null where null is allowed. At anything else it gives
 * false, and the answer is then completed from objects.
 */
export function generateObject(
  projecting: Projecting,
  position: Position,
  declared: GraphQLOutputType,
  sets: readonly ConditionalSet[],
): string {
  const { source, schema, abstractNames } = projecting;
  const name = source.name('write');
  const check = source.name('types');
  noteTypes(projecting, position, declared);
  if (isObjectType(declared)) {
    const names = typeNames(position, [declared.name], abstractNames);
    // without a name from any subgraph the declared type stands
    const guard =
      names.links.length === 0 ? '' : `const type = typeOf(arena, record, ${check}); if (type === -1) return false;`;
    if (guard !== '') source.define(check, names);
    source.add(functionText(name, declared.name, `${guard}\n${objectBody(projecting, position, declared, sets)}`));
    return name;
  }
  if (!isAbstractType(declared)) throw new Unsupported(`${String(declared)} is no type of objects`);
  const types = schema.getPossibleTypes(declared);
  source.define(
    check,
    typeNames(
      position,
      types.map((type) => type.name),
      abstractNames,
    ),
  );
  const cases = types.map((type, index) => {
    const write = source.name('write');
    source.add(functionText(write, type.name, objectBody(projecting, position, type, sets)));
    return `    case ${index}: return ${write}(arena, record);`;
  });
  source.add(
    functionText(
      name,
      declared.name,
      `  switch (typeOf(arena, record, ${check})) {\n${cases.join('\n')}\n    default: return false;\n  }`,
    ),
  );
  return name;
}

/** The planner's requirements are of objects that the client selects, so these are the types to expect there. */
function noteTypes({ typesAt, schema }: Projecting, position: Position, declared: GraphQLOutputType): void {
  const types = typesAt.get(position) ?? new Set();
  typesAt.set(position, types);
  if (isObjectType(declared)) types.add(declared.name);
  if (isAbstractType(declared)) for (const { name } of schema.getPossibleTypes(declared)) types.add(name);
}

function functionText(name: string, type: string, body: string): string {
  return `function ${name}(arena, record) { // ${type}
  const tape = arena.tape, bytes = arena.bytes;
${body}
}`;
}

function objectBody(
  projecting: Projecting,
  position: Position,
  type: GraphQLObjectType,
  sets: readonly ConditionalSet[],
): string {
  const fields = collectFields(projecting, type, sets);
  const memo = memoCode(projecting, { position, type, fields });
  const conditional = fields.some(({ when }) => when.length > 0);
  // with conditions nobody knows which field is first: each writes a comma, and the first comma becomes the brace
  const writer = createWriter(projecting, conditional);
  for (let index = 0; index < fields.length; index += 1) {
    const run = conditional
      ? undefined
      : leafRun(projecting, {
          position,
          type,
          fields,
          from: index,
          alone: (field) => valueCode(projecting, { position, type, field, index }),
        });
    if (run === undefined) {
      writeField(projecting, writer, { position, type, field: fields[index] as CollectedField, index });
    } else {
      writer.text(`${index === 0 ? '{' : ','}${JSON.stringify(run.firstKey)}:`);
      writer.code(run.code);
      index += run.length - 1;
    }
  }
  if (fields.length === 0) writer.text('{');
  if (conditional) writer.code('openObject(arena, start);');
  writer.text('}');
  const start = conditional ? '  const start = arena.outputLength;\n' : '';
  return `${memo.before}${start}${writer.done()}${memo.after}  return true;`;
}

/** Collects literal text until code comes that must write after it. */
function createWriter({ source }: Projecting, conditional: boolean) {
  let pending = '';
  const lines: string[] = [];
  const flush = (): void => {
    if (pending !== '') lines.push(`writeLiteral(arena, ${source.literal(pending)});`);
    pending = '';
  };
  return {
    conditional,
    text: (text: string) => {
      pending += text;
    },
    code: (code: string) => {
      flush();
      lines.push(code);
    },
    done: () => {
      flush();
      return lines.map((line) => `  ${line}\n`).join('');
    },
  };
}

interface FieldAt {
  readonly position: Position;
  readonly type: GraphQLObjectType;
  readonly field: CollectedField;
  readonly index: number;
}

function writeField(projecting: Projecting, writer: ReturnType<typeof createWriter>, at: FieldAt): void {
  const { field, index } = at;
  const { conditions } = projecting;
  if (field.when.length > 0) writer.code(`if (arena.conditions & ${conditions.bitOf(field.when)}) {`);
  writer.text(`${writer.conditional || index > 0 ? ',' : '{'}${JSON.stringify(toClientName(field.key))}:`);
  if (field.name === '__typename') writer.text(JSON.stringify(at.type.name));
  else writer.code(valueCode(projecting, at));
  if (field.when.length > 0) writer.code('}');
}

function valueCode(projecting: Projecting, { position, type, field }: FieldAt): string {
  const definition = type.getFields()[field.name];
  if (field.name === '__schema' || field.name === '__type') throw new Unsupported('introspection');
  if (definition === undefined) throw new Unsupported(`${type.name}.${field.name} is not in the schema`);
  const providers = providersOf(position, field.key);
  const named = getNamedType(definition.type);
  const value = projecting.source.name('v');
  if (isLeafType(named)) {
    const { declare, end } = findValue(providers, value, true);
    return `${declare} ${leafCode(projecting, { type: definition.type, value, end, several: providers.length > 1 })}`;
  }
  const below = solePosition(providers, `${type.name}.${field.name}`);
  if (below === undefined) return 'return false;';
  if (!isCompositeType(named)) throw new Unsupported(`${definition.type} is no type of objects`);
  const write = generateObject(projecting, below, named, field.sets);
  const { declare } = findValue(providers, value, false);
  return `${declare} ${compositeCode(projecting, definition.type, write, value)}`;
}

interface LeafAt {
  readonly type: GraphQLOutputType;
  readonly value: string;
  readonly end: string;
  readonly several: boolean;
}

function leafCode(projecting: Projecting, { type, value, end, several }: LeafAt): string {
  const nullable = isNonNullType(type) ? type.ofType : type;
  const name = getNamedType(type);
  if (!isLeafType(name)) throw new Unsupported('a leaf that is none');
  const check = projecting.check(name);
  const orNull = isNonNullType(type) ? 'return false;' : `if (!writeNull(arena, ${value})) return false;`;
  if (!isListType(nullable)) {
    return `if (${value} >= 0 && ${check}(bytes, ${value}, ${end})) writeText(arena, ${value}, ${end}); else ${orNull}`;
  }
  if (several) throw new Unsupported('a list of leaves comes from several steps');
  const item = projecting.source.constant('list', { ...listShape(nullable.ofType), check: leafText(name) });
  return `if (${value} < 0 || !writeLeafList(arena, ${value}, ${item}, 1)) { ${orNull} }`;
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
  const nullable = isNonNullType(type) ? type.ofType : type;
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
