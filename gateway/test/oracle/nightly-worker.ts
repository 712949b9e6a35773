import { parentPort, workerData } from 'node:worker_threads';
import { ENGINES } from './engines.ts';
import { printFailure } from './print-failure.ts';
import { type Asked, runOracle } from './run.ts';
import { shrinkFailure } from './shrink.ts';
import type { Verdict } from './verdict.ts';

export interface NightlyTask {
  readonly engine: string;
  readonly seed: number;
  readonly operations: number;
  readonly firstGraph: number;
  readonly show: number;
  readonly only: string | undefined;
  /** Longest time for making one graph smaller. */
  readonly shrinkMs: number;
}

export type NightlyMessage =
  | { readonly asked: Asked }
  | { readonly verdict: Exclude<Verdict['kind'], 'invalid'> }
  | { readonly shrinking: true }
  | { readonly failure: string };

const task = workerData as NightlyTask;
const openEngine = ENGINES[task.engine];
if (openEngine === undefined) throw new Error(`no engine ${task.engine}: ${Object.keys(ENGINES).join(', ')}`);
const tell = (message: NightlyMessage): void => parentPort?.postMessage(message);
let left = task.show;
await runOracle({
  ...task,
  openEngine,
  onAsk: (asked) => tell({ asked }),
  onVerdict: (verdict) => tell({ verdict }),
  async onFailure(failure) {
    if (task.only !== undefined && task.only !== failure.verdict.kind) return;
    if (left-- <= 0) return;
    tell({ shrinking: true });
    tell({ failure: printFailure(await shrinkFailure(failure, openEngine, task.shrinkMs)) });
  },
});
