import { type GraphQLObjectType, isLeafType, isNonNullType } from 'graphql';
import { toClientName } from '../plan/response-names.ts';
import type { CollectedField } from './collect-fields.ts';
import { recordOf } from './find-value.ts';
import { type Position, type Provider, providersOf } from './layout.ts';
import type { Projecting } from './projecting.ts';

/** Leaf fields that follow each other in the answer as they do in a subgraph's text: one copy for all of them. */
export interface LeafRun {
  readonly length: number;
  /** Written before the code: the copied text begins with the first value. */
  readonly firstKey: string;
  readonly code: string;
}

interface RunField {
  readonly field: CollectedField;
  readonly provider: Provider;
  /** Expression: the text between `start` and `end` may be copied. */
  readonly fits: (start: string, end: string) => string;
}

interface FieldsOf {
  readonly position: Position;
  readonly type: GraphQLObjectType;
  readonly fields: readonly CollectedField[];
  readonly from: number;
  /** Code that writes the value of one field. */
  readonly alone: (field: CollectedField) => string;
}

/** The run that starts with a field; undefined: there is none of at least two. */
export function leafRun(
  projecting: Projecting,
  { position, type, fields, from, alone }: FieldsOf,
): LeafRun | undefined {
  const run: RunField[] = [];
  for (const field of fields.slice(from)) {
    const next = runField(projecting, position, type, field);
    if (next === undefined || !follows(run.at(-1), next, position)) break;
    run.push(next);
  }
  if (run.length < 2) return undefined;
  const [first] = run as [RunField];
  return { length: run.length, firstKey: first.field.key, code: runCode(projecting, run, alone) };
}

function runField(
  projecting: Projecting,
  position: Position,
  type: GraphQLObjectType,
  field: CollectedField,
): RunField | undefined {
  const { key, name } = field;
  const definition = type.getFields()[name];
  if (definition === undefined || toClientName(key) !== key) return undefined;
  const bare = isNonNullType(definition.type) ? definition.type.ofType : definition.type;
  const [provider, ...others] = providersOf(position, key);
  if (!isLeafType(bare) || provider === undefined || others.length > 0) return undefined;
  const check = projecting.check(bare);
  const orNull = (start: string) => (isNonNullType(definition.type) ? '' : ` || bytes[${start}] === 110`);
  return { field, provider, fits: (start, end) => `(${check}(bytes, ${start}, ${end})${orNull(start)})` };
}

function follows(previous: RunField | undefined, next: RunField, position: Position): boolean {
  if (previous === undefined) return true;
  const { link } = next.provider;
  if (previous.provider.link !== link) return false;
  const order = [...(link?.position ?? position).fields.keys()];
  return order.indexOf(next.field.key) === order.indexOf(previous.field.key) + 1;
}

/**
 * Between two values there are exactly as many bytes as `,"key":` has, and the second one is the value of that key: so
 * there is nothing else between them.
 */
function runCode({ source }: Projecting, run: readonly RunField[], alone: (field: CollectedField) => string): string {
  const [first] = run as [RunField];
  const name = source.name('run');
  const values = run.map(({ provider }, index) => {
    const slot = `${name} + ${provider.field.offset}`;
    return { start: `${name}s${index}`, end: `${name}e${index}`, slot };
  });
  const tests = run.map(({ field, fits }, index) => {
    const { start, end } = values[index] as (typeof values)[number];
    const gap = Buffer.byteLength(field.key) + 4;
    return `${index === 0 ? `${start} >= 0` : `${start} === ${name}e${index - 1} + ${gap}`} && ${fits(start, end)}`;
  });
  const declare = values.map(({ start, end, slot }) => `${start} = tape[${slot}], ${end} = tape[${slot} + 1]`);
  const oneByOne = run.map(({ field }, index) => {
    const key = index === 0 ? '' : `writeLiteral(arena, ${source.literal(`,${JSON.stringify(field.key)}:`)}); `;
    return `    { ${key}${alone(field)} }`;
  });
  return `const ${name} = ${recordOf(first.provider.link)}, ${declare.join(', ')};
  if (${name} >= 0 && ${tests.join(' && ')}) writeText(arena, ${name}s0, ${name}e${run.length - 1});
  else {
${oneByOne.join('\n')}
  }`;
}
