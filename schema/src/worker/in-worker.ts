import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { UserError } from '@weft/errors';
import type { CheckInput } from '../check-input.ts';
import type { Composition, SubgraphSource } from '../compose/compose.ts';
import type { CheckFilesOptions, ComposeFilesOptions } from '../files/schema-commands.ts';
import type { CheckReport } from '../report.ts';

/** What can be done in a thread of its own; inputs and outputs can be cloned. */
export interface EngineTask {
  readonly compose: { readonly input: readonly SubgraphSource[]; readonly output: Composition };
  readonly check: { readonly input: CheckInput; readonly output: CheckReport };
  readonly composeFiles: { readonly input: ComposeFilesOptions; readonly output: Composition };
  readonly checkFiles: { readonly input: CheckFilesOptions; readonly output: CheckReport };
}

export type EngineAnswer =
  | { readonly output: EngineTask[keyof EngineTask]['output'] }
  | { readonly userError: { readonly message: string; readonly exitCode: number } };

export interface WorkerOptions {
  /** Most megabytes of heap; a graph that needs more is told, and the process lives. */
  readonly memoryMb?: number;
}

/** 50 subgraphs of 100 types take half of it. */
const MEMORY_MB = 1_000;

/**
 * Composing takes seconds of CPU and hundreds of megabytes: this does it beside the event loop and under a cap, and
 * gives the memory back when it is done.
 *
 * @throws UserError what the task throws for bad input; the graph needs more memory
 */
export function inWorker<K extends keyof EngineTask>(
  name: K,
  input: EngineTask[K]['input'],
  { memoryMb = MEMORY_MB }: WorkerOptions = {},
): Promise<EngineTask[K]['output']> {
  const extension = extname(import.meta.url);
  const worker = new Worker(new URL(`./engine-worker${extension}`, import.meta.url), {
    workerData: { name, input },
    resourceLimits: { maxOldGenerationSizeMb: memoryMb },
    // sources run as they are only for who asks for them
    ...(extension === '.ts' ? { execArgv: ['--conditions=weft-source', '--disable-warning=ExperimentalWarning'] } : {}),
  });
  return new Promise((resolve, reject) => {
    worker.once('message', (answer: EngineAnswer) => {
      if ('output' in answer) resolve(answer.output as EngineTask[K]['output']);
      else reject(new UserError(answer.userError.message, { exitCode: answer.userError.exitCode }));
    });
    worker.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ERR_WORKER_OUT_OF_MEMORY') reject(error);
      else
        reject(
          new UserError(`The graph needs more than ${memoryMb} MB of memory to compose and compare.`, { cause: error }),
        );
    });
    worker.once('exit', (code) => reject(new Error(`the thread ended with ${code} and no answer`)));
  });
}
