import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Problem } from '../problem.ts';
import type { Rule } from './rules.ts';

/** `approvals:` of the approvals file. */
export const approvalList = z.strictObject({
  approvals: z
    .array(
      z.strictObject({
        fingerprint: z.string().regex(/^[0-9a-f]{16}$/),
        reason: z.string().min(1),
        by: z.string().min(1),
        until: z.iso.datetime().describe('From this moment on it does not count any more.'),
      }),
    )
    .default([]),
});

export type Approval = z.infer<typeof approvalList>['approvals'][number];

export interface ChangeToApprove {
  readonly rule: Rule;
  readonly coordinate: string;
  readonly from: string;
  readonly to: string;
}

/** Of what changed and nothing else, so that it survives a rebase and is another one when the change is another. */
export function fingerprintOf({ rule, coordinate, from, to }: ChangeToApprove, variant: string): string {
  return createHash('sha256')
    .update(JSON.stringify([rule, coordinate, from, to, variant]))
    .digest('hex')
    .slice(0, 16);
}

/** Turns the errors that are approved, and whose approval still holds, into notes. */
export function withApprovals(problems: readonly Problem[], approvals: readonly Approval[], now: Date): Problem[] {
  const held = new Map(
    approvals.filter(({ until }) => new Date(until) > now).map((approval) => [approval.fingerprint, approval]),
  );
  return problems.map((problem) => {
    const approval = problem.fingerprint === undefined ? undefined : held.get(problem.fingerprint);
    if (approval === undefined) return problem;
    const { reason, by, until } = approval;
    return { ...problem, severity: 'note' as const, approved: { reason, by, until } };
  });
}
