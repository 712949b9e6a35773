import { UserError } from '@weft/errors';
import { fingerprintOf, type Migration } from './migration.ts';

export interface LedgerRow {
  readonly name: string;
  readonly fingerprint: string;
}

/**
 * The migrations that a ledger lacks, in their order. UserError when an applied one was edited, or when one was put
 * before it: the shard's schema would not be the one that the code was written for. Rows that the code does not know
 * are of a newer version of it, which may be deployed already.
 */
export function pendingMigrations(
  where: { readonly subgraph: string; readonly shard: string },
  migrations: readonly Migration[],
  ledger: readonly LedgerRow[],
): Migration[] {
  const applied = new Map(ledger.map((row) => [row.name, row.fingerprint]));
  const pending: Migration[] = [];
  for (const migration of migrations) {
    const fingerprint = applied.get(migration.name);
    if (fingerprint === undefined) {
      pending.push(migration);
      continue;
    }
    const place = `${where.subgraph} on ${where.shard}`;
    if (fingerprint !== fingerprintOf(migration)) {
      throw new UserError(
        `${place}: migration ${migration.name} was changed after it was applied. Restore it and write a new one.`,
      );
    }
    const [skipped] = pending;
    if (skipped !== undefined) {
      throw new UserError(
        `${place}: migration ${skipped.name} stands before ${migration.name}, which is applied already. Put it after.`,
      );
    }
  }
  return pending;
}
