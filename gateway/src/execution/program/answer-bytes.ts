import type { CallSubgraph } from '../../subgraph-call.ts';
import type { Program } from './program.ts';
import { replaying } from './replay.ts';
import { type ByteAnswer, type ByteRun, runProgram } from './run-program.ts';

/**
 * Answers an operation over bytes when all goes well; else `overObjects` answers it, with a way to the subgraphs on which
 * requests that were sent already are not sent again.
 */
export async function answerBytes<T>(
  program: Program,
  run: ByteRun & { readonly callTexts: CallSubgraph },
  overObjects: (call: CallSubgraph) => Promise<T>,
): Promise<ByteAnswer | T> {
  const outcome = await runProgram(program, run);
  return outcome.kind === 'answer' ? outcome : overObjects(replaying(run.callTexts, outcome.sent));
}
