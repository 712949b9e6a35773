import { isGraphError } from '@weft/errors';
import { createPlanRequest, planningFailed } from './plan-request.ts';
import { type FromThread, type ThreadData, type ToThread, toSent } from './thread-messages.ts';

/** What a planning thread, or process, does all day. Tells when it is ready. */
export function answerRequests(data: ThreadData, tell: (message: FromThread) => void): (request: ToThread) => void {
  const plan = createPlanRequest(data);
  tell({ kind: 'ready' });
  return (request) => {
    try {
      tell({ kind: 'steps', steps: plan(request) });
    } catch (error) {
      tell({ kind: 'refused', error: toSent(isGraphError(error) ? error : planningFailed(error)) });
    }
  };
}
