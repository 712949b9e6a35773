import type { LoadedSupergraph } from '@weft/supergraph';
import type { SubgraphDocuments, SubgraphSource } from './compose/compose.ts';
import type { Contracts } from './exposure/contract-schema.ts';
import type { ReadOperations } from './operations/known-operations.ts';
import type { OperationFile } from './operations/operations.ts';
import type { ReplayedOperation } from './operations/replay.ts';
import type { Usage } from './operations/usage.ts';
import type { ShardKeys } from './plans/plan-figures.ts';
import type { Approval } from './verdict/approvals.ts';
import type { CheckPolicy } from './verdict/policy.ts';

/** What is out now. */
export interface CheckBase {
  /** As it is to be named in reports. */
  readonly name: string;
  readonly supergraphSdl: string;
  /** Absent: caching is not compared, for a supergraph does not tell it. */
  readonly subgraphs?: readonly SubgraphSource[] | undefined;
}

export interface CheckInput {
  readonly subgraphs: readonly SubgraphSource[];
  readonly base?: CheckBase | undefined;
  readonly operations: readonly OperationFile[];
  readonly usage?: Usage | undefined;
  readonly policy?: CheckPolicy | undefined;
  readonly contracts?: Contracts | undefined;
  readonly shardKeys?: ShardKeys | undefined;
  readonly approvals?: readonly Approval[] | undefined;
  /** For approvals that end. */
  readonly now?: Date | undefined;
  /** Plan every operation, also those that touch nothing that changed. */
  readonly allPlans?: boolean | undefined;
}

/** What the parts of a comparison share. */
export interface Comparison {
  readonly input: CheckInput;
  readonly base: LoadedSupergraph;
  readonly next: LoadedSupergraph;
  /** Undefined: the subgraphs of the base are not known, or one of them is not GraphQL. */
  readonly baseDocuments: SubgraphDocuments | undefined;
  readonly documents: SubgraphDocuments;
  readonly policy: CheckPolicy;
  readonly known: ReadOperations;
  readonly replayed: readonly ReplayedOperation[];
}
