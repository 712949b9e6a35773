import type { Socket } from 'node:net';
import type { ToPrimary, ToWorker } from '../../src/cluster/messages.ts';

/** A worker that counts, and otherwise does nothing of what it is told, not even ending. */
const tell = (message: ToPrimary): void => void process.send?.(message);
process.on('SIGTERM', () => undefined);
process.on('message', (message: ToWorker | { readonly type: 'connection' }, socket?: Socket) => {
  if (message.type === 'count') tell({ type: 'counted', id: message.id, snapshot: [] });
  if (message.type === 'connection') socket?.end('taken');
});
tell({ type: 'serves', url: 'http://127.0.0.1/' });
tell({ type: 'ask-metrics', id: 0 });
