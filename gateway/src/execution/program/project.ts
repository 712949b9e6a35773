import { type GraphQLNamedType, type GraphQLObjectType, isAbstractType, isObjectType } from 'graphql';
import { toClientName } from '../plan/response-names.ts';
import { type CollectedField, type ConditionalSet, collectFields } from './collect-fields.ts';
import type { Position } from './layout.ts';
import { leafRun } from './leaf-run.ts';
import { memoCode } from './memo.ts';
import { type FieldAt, valueCode } from './project-value.ts';
import type { Projecting } from './projecting.ts';
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
  declared: GraphQLNamedType,
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
function noteTypes({ typesAt, schema }: Projecting, position: Position, declared: GraphQLNamedType): void {
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
          alone: (field) => valueCode(projecting, { position, type, field }),
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

function writeField(
  projecting: Projecting,
  writer: ReturnType<typeof createWriter>,
  at: FieldAt & { readonly index: number },
): void {
  const { field, index } = at;
  const { conditions } = projecting;
  if (field.when.length > 0) writer.code(`if (arena.conditions & ${conditions.bitOf(field.when)}) {`);
  writer.text(`${writer.conditional || index > 0 ? ',' : '{'}${JSON.stringify(toClientName(field.key))}:`);
  if (field.name === '__typename') writer.text(JSON.stringify(at.type.name));
  else writer.code(valueCode(projecting, at));
  if (field.when.length > 0) writer.code('}');
}
