import { AFTER_COMMA, AFTER_VALUE, AT_START } from './index-record.ts';
import { type FieldSlot, fieldsEnd, type Position } from './layout.ts';
import type { SourceText } from './source-text.ts';
import { MISSING } from './tape.ts';

/**
 * Generates the indexer of a position. It follows compact JSON with the fields in the order asked for, one comparison a
 * key; at the first byte that is otherwise it hands the rest of the object to `indexRest`.
 *
 * Gives the name of the function, an `IndexRecord`. The position must have its final size.
 */
export function generateIndexer(source: SourceText, position: Position): string {
  const fields = [...position.fields.values()];
  const inner = fields.map((field) => (field.position === null ? null : generateIndexer(source, field.position)));
  const name = source.name('index');
  const shape = source.name('shape');
  const keys = fields.map(({ key }) => source.literal(JSON.stringify(key)));
  const offsets = fields.map(({ offset }) => offset);
  const words = position.words.map((offset) => ` tape[record + ${offset}] = ${MISSING};`);
  const sometimes = fields.some(({ always }) => !always);
  const code = fields.map((field, index) =>
    indexField({ field, index, inner: inner[index] ?? null, shape, sometimes, last: index === fields.length - 1 }),
  );
  source.add(`const ${shape} = { keys: [${keys}], offsets: [${offsets}], inner: [${inner.map(String)}], fieldsEnd: ${fieldsEnd(position)} };
function ${name}(arena, start) {
  const bytes = arena.bytes, record = arena.allocate(${position.size});
  let tape = arena.tape, at = start + 1${sometimes ? `, state = ${AT_START}` : ''};
  tape[record] = -1; tape[record + 1] = 0;${words.join('')}
${code.join('\n')}
  return indexRest(arena, ${shape}, record, ${fields.length}, at, ${sometimes ? 'state' : AT_START});
}`);
  return name;
}

interface FieldCode {
  readonly field: FieldSlot;
  readonly index: number;
  readonly inner: string | null;
  readonly shape: string;
  /** Whether the record has fields that are not always there: the generated code then keeps its state in a variable. */
  readonly sometimes: boolean;
  readonly last: boolean;
}

function indexField({ field, index, inner, shape, sometimes, last }: FieldCode): string {
  const key = Buffer.from(`${JSON.stringify(field.key)}:`);
  const matches = [...key].map((byte, ahead) => `bytes[at${ahead === 0 ? '' : ` + ${ahead}`}] === ${byte}`);
  const slot = `tape[record + ${field.offset}]`;
  const value =
    inner === null
      ? `${slot} = at; at = endOfValue(bytes, at); tape[record + ${field.offset + 1}] = at;`
      : `const value = bytes[at] === 123 ? ${inner}(arena, at) : indexValue(arena, at, ${inner}); tape = arena.tape; ${slot} = value; at = arena.at;`;
  const rest = (next: number, state: number | string) =>
    `return indexRest(arena, ${shape}, record, ${next}, at, ${state});`;
  const end = last ? ' if (bytes[at] === 125) { arena.at = at + 1; return record; }' : '';
  const comma = last ? '' : ` at++;${sometimes ? ` state = ${AFTER_COMMA};` : ''}`;
  const after = last ? rest(index + 1, AFTER_VALUE) : `if (bytes[at] !== 44) ${rest(index + 1, AFTER_VALUE)}`;
  const before = sometimes ? 'state' : index === 0 ? AT_START : AFTER_COMMA;
  const absent = field.always ? rest(index, before) : `${slot} = ${MISSING};`;
  return `  if (${matches.join(' && ')}) { at += ${key.length}; ${value}${end} ${after}${comma} } else ${absent}`;
}
