import { hash } from 'node:crypto';
import { messageOf } from '@weft/errors';
import { type DocumentNode, type ExecutionResult, parse } from 'graphql';
import type { Engine } from '../../src/execution/engine.ts';
import type { OperationContext } from '../../src/operation-context.ts';
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
  const mistakes = outcome.traces.flatMap((trace) => trace.mistakes);
  const difference =
    differenceOf(expected, got) ?? (mistakes.length > 0 ? `a subgraph was asked wrongly: ${mistakes[0]}` : undefined);
  if (difference === undefined) return { ...outcome, kind: 'right', difference: '', got };
  return { ...outcome, kind: got.data === undefined ? 'refused' : 'wrong', difference, got };
}

function execute(engine: Engine, document: DocumentNode, operation: Operation, context: OperationContext) {
  return engine.execute(
    {
      document,
      hash: hash('sha256', operation.text, 'hex'),
      operationName: undefined,
      variables: structuredClone(operation.variables),
    },
    context,
  );
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
