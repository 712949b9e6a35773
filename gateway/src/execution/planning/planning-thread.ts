import { parentPort, workerData } from 'node:worker_threads';
import { isGraphError } from '@weft/errors';
import { createPlanRequest, planningFailed } from './plan-request.ts';
import { type FromThread, type ThreadData, type ToThread, toSent } from './thread-messages.ts';

/** The thread that `planning-threads.ts` starts; what it throws while it starts fails the start. */
if (parentPort === null) throw new Error('planning-thread.ts runs as a thread only');
const port = parentPort;
const tell = (message: FromThread): void => port.postMessage(message);
const plan = createPlanRequest(workerData as ThreadData);

port.on('message', (request: ToThread) => {
  try {
    tell({ kind: 'steps', steps: plan(request) });
  } catch (error) {
    tell({ kind: 'refused', error: toSent(isGraphError(error) ? error : planningFailed(error)) });
  }
});
tell({ kind: 'ready' });
