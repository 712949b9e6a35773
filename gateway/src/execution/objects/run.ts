import type { Log } from '@weft/telemetry';
import type { OperationContext } from '../../operation-context.ts';
import type { CallSubgraph } from '../../subgraph-call.ts';
import type { Data } from './data.ts';
import type { ErrorList } from './error-list.ts';
import type { TypeRelations } from './type-relations.ts';

/** One operation while it runs. */
export interface Run {
  /** What the steps have brought so far. */
  readonly root: Data;
  readonly errors: ErrorList;
  /** As the client sent them. */
  readonly variables: Readonly<Record<string, unknown>>;
  /** Of a variable in a condition. */
  readonly isTrue: (variable: string) => boolean;
  readonly context: OperationContext;
}

/** What the runs of one engine share. */
export interface RunOptions {
  readonly call: CallSubgraph;
  readonly relations: TypeRelations;
  readonly log: Log;
  /** See EngineOptions. */
  readonly trustSubgraphErrors: boolean;
  readonly errorExtensions: readonly string[];
}
