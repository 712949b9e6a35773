import type { ExecutionResult } from 'graphql';

/** A whole answer without errors, `{"data":...}` in UTF-8. */
export interface WrittenAnswer {
  readonly bytes: Buffer;
  /** At most once, when nobody reads `bytes` any more: the memory is another answer's then. Never, and it is garbage. */
  release(): void;
}

/** What an operation comes to: its data as objects, or, where nobody reads them and nothing is wrong, as text. */
export type OperationAnswer = ExecutionResult | WrittenAnswer;

export function isWritten(answer: OperationAnswer): answer is WrittenAnswer {
  return 'bytes' in answer;
}
