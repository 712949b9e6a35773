import { SelectionSet } from '@apollo/federation-internals';
import { withinTime } from '../within-time.ts';

/**
 * Longest time for a plan without rebasing, on the clock; the planner can then run in circles over fetches that need each
 * other. For who plans without a thread: a thread is ended before, by its time of the processor.
 */
const TIMEOUT_MS = 10_000;

/**
 * Runs `work` while no selection can be rebased. @apollo/query-planner saves a fetch by moving the fields that a requirement
 * needs into an earlier one "if they can be rebased there", which looks at names only: it moves fields that the subgraph
 * merely names (`@external`) or that require others. Without it plans have more fetches, and no such ones.
 *
 * `work` is synchronous, so no other planner of the process sees the difference. It does not always end by itself.
 *
 * @throws what `work` throws, or the error of its timeout.
 */
export function withoutRebasing<Result>(work: () => Result): Result {
  const { prototype } = SelectionSet;
  const own = prototype.canRebaseOn;
  prototype.canRebaseOn = () => false;
  try {
    return withinTime(TIMEOUT_MS, work);
  } finally {
    prototype.canRebaseOn = own;
  }
}
