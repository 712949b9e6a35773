import { createHash } from 'node:crypto';

/** One step of a subgraph's schema. Applied once on each shard, as the owner role; an applied one is never edited. */
export interface Migration {
  /** `0001-products`: number, then what it brings. */
  readonly name: string;
  /** Tables are named with their schema: `create table products.product (...)`. */
  readonly statements: readonly string[];
  /** Stands for the statements in the ledger where their text is not ours. Default: a hash of the statements. */
  readonly fingerprint?: string;
}

/** What the ledger of a shard holds for a migration; another one means that it was edited after it was applied. */
export function fingerprintOf({ statements, fingerprint }: Migration): string {
  return createHash('sha256')
    .update(fingerprint ?? statements.join(';\n'))
    .digest('hex')
    .slice(0, 32);
}
