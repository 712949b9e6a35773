import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { loadConfig } from '@weft/config';
import { parseDocument } from 'yaml';
import { type Approval, approvalList } from '../verdict/approvals.ts';
import { whenThere } from './when-there.ts';

/** The approvals of a committed file; none when there is no file. */
export function readApprovals(file: string, directory: string): Approval[] {
  const text = whenThere(() => readFileSync(resolve(directory, file), 'utf8'));
  if (text === undefined) return [];
  return loadConfig({ schema: approvalList, file, text, environment: {} }).approvals;
}

const HEAD =
  '# What was approved although a check fails on it. `weft approve` adds to it; who may merge it, approves.\n';

/** The text of an approvals file with one more; one of the same fingerprint is taken out. */
export function addApproval(text: string | undefined, approval: Approval): string {
  const document = parseDocument(text ?? `${HEAD}approvals: []\n`);
  const known = ((document.toJS() as { readonly approvals?: readonly Approval[] } | null)?.approvals ?? []).filter(
    ({ fingerprint }) => fingerprint !== approval.fingerprint,
  );
  document.set('approvals', document.createNode([...known, approval], { flow: false }));
  return document.toString({ lineWidth: 0 });
}
