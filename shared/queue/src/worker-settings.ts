import type { Database, FleetAddresses } from '@weft/database';
import type { Telemetry } from '@weft/telemetry';
import type { CallPeer } from './events/peers.ts';

/** How eager a worker is. Notifications wake it at once; these are for what they do not tell, and cost little when idle. */
export interface WorkerTiming {
  /** Longest wait before an event or a job that is due for another try is looked for. */
  readonly pollMs: number;
  /** How often the workers of a shard look for jobs whose worker has died. */
  readonly superviseMs: number;
  /** Longest wait for the jobs in hand when the worker stops; what runs longer is given to another worker. At least a second. */
  readonly stopMs: number;
  /** How often old rows are looked for. The first look is a random part of it after the start. */
  readonly pruneMs: number;
}

export const WORKER_TIMING: WorkerTiming = { pollMs: 2_000, superviseMs: 5_000, stopMs: 10_000, pruneMs: 600_000 };

/** Where a worker works and as whom. */
export interface WorkerSettings<T> {
  readonly database: Database<T>;
  /** pg-boss opens connections of its own, to the primaries, as the runtime role. */
  readonly addresses: FleetAddresses;
  readonly role: string;
  readonly password: string;
  readonly telemetry: Telemetry;
  readonly timing: WorkerTiming;
  readonly callPeer: CallPeer;
}
