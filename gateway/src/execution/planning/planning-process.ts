import { messageOf } from '@weft/errors';
import { answerRequests } from './answer-requests.ts';
import type { FromThread, ThreadData, ToThread } from './thread-messages.ts';

/** The process that `hosts.ts` starts: the first message says for what, all others are requests. */
const tell = (message: FromThread): void => void process.send?.(message);
process.once('message', (data: ThreadData) => {
  try {
    const answer = answerRequests(data, tell);
    process.on('message', (request: ToThread) => answer(request));
  } catch (error) {
    tell({ kind: 'failed', reason: messageOf(error) });
  }
});
// whoever started it is gone
process.once('disconnect', () => process.exit());
