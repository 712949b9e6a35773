import { parentPort, workerData } from 'node:worker_threads';
import { answerRequests } from './answer-requests.ts';
import type { ThreadData, ToThread } from './thread-messages.ts';

/** The thread that `hosts.ts` starts; what it throws while it starts fails the start. */
if (parentPort === null) throw new Error('planning-thread.ts runs as a thread only');
const port = parentPort;
const answer = answerRequests(workerData as ThreadData, (message) => port.postMessage(message));
port.on('message', (request: ToThread) => answer(request));
