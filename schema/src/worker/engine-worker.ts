import { parentPort, workerData } from 'node:worker_threads';
import { UserError } from '@weft/errors';
import { checkSchema } from '../check.ts';
import { composeSubgraphs } from '../compose/compose.ts';
import { checkFiles, composeFiles } from '../files/schema-commands.ts';
import type { EngineAnswer, EngineTask } from './in-worker.ts';

/** One task, then the thread ends. */
const tasks: { [K in keyof EngineTask]: (input: EngineTask[K]['input']) => Promise<EngineTask[K]['output']> } = {
  compose: async (subgraphs) => composeSubgraphs(subgraphs),
  check: checkSchema,
  composeFiles: async (options) => composeFiles(options),
  checkFiles,
};

async function answer<K extends keyof EngineTask>(name: K, input: EngineTask[K]['input']): Promise<EngineAnswer> {
  try {
    return { output: await tasks[name](input) };
  } catch (error) {
    if (error instanceof UserError) return { userError: { message: error.message, exitCode: error.exitCode } };
    throw error;
  }
}

const { name, input } = workerData as { readonly name: keyof EngineTask; readonly input: never };
parentPort?.postMessage(await answer(name, input));
