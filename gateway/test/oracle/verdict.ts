import { hash } from 'node:crypto';
import { messageOf } from '@weft/errors';
import { type DocumentNode, type ExecutionResult, parse } from 'graphql';
import type { Engine, EngineOperation } from '../../src/execution/engine.ts';
import type { OperationContext } from '../../src/operation-context.ts';
import { isWritten } from '../../src/written-answer.ts';
import { differenceOf } from './compare.ts';
import { createContext, TIMEOUT_MS } from './context.ts';
import type { Operation } from './draw-operation.ts';
import type { Graph } from './graph.ts';
import type { Trace } from './mocked-subgraphs.ts';

/** `refused`: an answer without data, which tells that there is none. `crashed`: the engine rejected. */
export interface Verdict {
  readonly kind: 'right' | 'wrong' | 'refused' | 'crashed' | 'invalid';
  readonly difference: string;
  readonly expected: ExecutionResult;
  readonly got: ExecutionResult;
  /** What was asked of subgraphs. */
  readonly traces: readonly Trace[];
}

export async function verdictOf(graph: Graph, engine: Engine, operation: Operation): Promise<Verdict> {
  const document = parse(operation.text);
  const expected = graph.monolith(document, operation.variables);
  const context = createContext();
  const outcome = { expected, traces: graph.mocks.traceOf(context) };
  // variables that no schema would take say nothing about an engine
  if (expected.data === undefined) return { ...outcome, kind: 'invalid', difference: '', got: {} };
  let got: ExecutionResult;
  try {
    got = await withinTime(execute(engine, document, operation, context));
  } catch (error) {
    return { ...outcome, kind: 'crashed', difference: messageOf(error), got: {} };
  }
  const written = await writtenBy(engine, document, operation);
  const mistakes = outcome.traces.flatMap((trace) => trace.mistakes);
  const difference =
    differenceOf(expected, got) ??
    differenceOfText(got, written) ??
    (mistakes.length > 0 ? `a subgraph was asked wrongly: ${mistakes[0]}` : undefined);
  if (difference === undefined) return { ...outcome, kind: 'right', difference: '', got };
  return { ...outcome, kind: got.data === undefined ? 'refused' : 'wrong', difference, got };
}

/** What a client would read when nobody looks at the data before. Undefined: this engine knows objects alone. */
async function writtenBy(engine: Engine, document: DocumentNode, operation: Operation): Promise<string | undefined> {
  if (engine.answer === undefined) return undefined;
  try {
    const answer = await withinTime(engine.answer(asEngineOperation(document, operation), createContext()));
    if (!isWritten(answer)) return JSON.stringify({ data: answer.data });
    const text = answer.bytes.toString();
    answer.release();
    return text;
  } catch (error) {
    return messageOf(error);
  }
}

/** Both ways must come to the same text, but for how characters of a string are spelt. */
function differenceOfText({ data }: ExecutionResult, written: string | undefined): string | undefined {
  if (written === undefined) return undefined;
  const text = respelt(JSON.stringify({ data }));
  return respelt(written) === text ? undefined : `as text it is another answer: ${written}, not ${text}`;
}

function respelt(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return text;
  }
}

function execute(engine: Engine, document: DocumentNode, operation: Operation, context: OperationContext) {
  return engine.execute(asEngineOperation(document, operation), context);
}

function asEngineOperation(document: DocumentNode, { text, variables }: Operation): EngineOperation {
  return {
    document,
    hash: hash('sha256', text, 'hex'),
    operationName: undefined,
    variables: structuredClone(variables),
  };
}

async function withinTime<T>(promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in time')), TIMEOUT_MS);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
