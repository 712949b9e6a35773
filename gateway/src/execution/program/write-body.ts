import type { Arena } from './arena.ts';
import type { EntityBatch } from './entity-batch.ts';
import type { ByteStep } from './program.ts';
import { writeLiteral } from './write-output.ts';

const COMMA = Buffer.from(',');
const END_OF_LIST = Buffer.from(']');
const END_OF_BODY = Buffer.from('}}');

export interface Body {
  /** UTF-8, one character a byte. */
  readonly bodyBytes: string;
  /** For each group. */
  readonly batches: readonly EntityBatch[];
}

/** The request of a step, for the objects that are there now. Undefined: there is none. Uses the arena's output. */
export function writeBody(
  arena: Arena,
  { head, groups, program }: ByteStep,
  variables: Readonly<Record<string, unknown>>,
): Body | undefined {
  arena.outputLength = 0;
  writeLiteral(arena, head);
  let parts = writeVariables(arena, program.step.variables, variables);
  let some = groups.length === 0;
  const batches: EntityBatch[] = [];
  for (const { opening, collect } of groups) {
    if (parts > 0) writeLiteral(arena, COMMA);
    writeLiteral(arena, opening);
    const batch = collect(arena);
    writeLiteral(arena, END_OF_LIST);
    batches.push(batch);
    some ||= batch.count > 0;
    parts += 1;
  }
  writeLiteral(arena, END_OF_BODY);
  return some ? { bodyBytes: arena.output.toString('latin1', 0, arena.outputLength), batches } : undefined;
}

function writeVariables(arena: Arena, names: readonly string[], variables: Readonly<Record<string, unknown>>): number {
  let parts = 0;
  for (const name of names) {
    const value = Object.hasOwn(variables, name) ? JSON.stringify(variables[name]) : undefined;
    if (value === undefined) continue;
    const text = `${parts > 0 ? ',' : ''}${JSON.stringify(name)}:${value}`;
    arena.reserve(text.length * 3);
    arena.outputLength += arena.output.write(text, arena.outputLength, 'utf8');
    parts += 1;
  }
  return parts;
}
