import type { UsedOperation } from '../operations/known-operations.ts';
import type { Problem } from '../problem.ts';
import type { CheckPolicy } from './policy.ts';
import { type Rule, severityOf } from './rules.ts';

/** What a rule found about one operation. */
export interface OperationFinding extends Pick<Problem, 'code' | 'message' | 'places' | 'coordinates' | 'details'> {
  readonly rule: Rule;
  /** It warns at most, whatever the rule says: clients that were written with care do not notice. */
  readonly lenient?: true | undefined;
  /** It is for whoever asks, whatever the rule says: nothing that was there is lost. */
  readonly isOld?: boolean;
  /** It fails where it would warn. */
  readonly overBudget?: boolean;
}

/** How bad it is depends on who sends the operation. */
export function operationProblem(operation: UsedOperation, finding: OperationFinding, policy: CheckPolicy): Problem {
  const { use, name } = operation;
  const { lenient, overBudget, isOld, ...found } = finding;
  const isStrict =
    (found.rule === 'C2' || found.rule === 'C3') &&
    policy.strictClients.some((client) => client === '*' || use.clientNames.includes(client));
  const severity = isOld ? 'note' : severityOf(found.rule, use.state);
  const isRaised = severity === 'warning' && (isStrict || overBudget === true);
  return {
    ...found,
    severity: isRaised ? 'error' : severity === 'error' && lenient ? 'warning' : severity,
    operation: name,
    ...(use.clients.length > 0 ? { clients: use.clients } : {}),
    ...(use.lastSeen === undefined ? {} : { lastSeen: use.lastSeen }),
  };
}
