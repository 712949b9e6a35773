import type { IncomingMessage } from 'node:http';

/** A body a little too large ends within this; whoever sends more is cut off. */
const MOST_BYTES = 32 * 1_024 * 1_024;
const LONGEST_MS = 5_000;

/**
 * Reads the rest of a body that was refused, and throws it away. A client that still sends would otherwise meet a closed
 * connection, and many never look at the answer that came before: they report a broken pipe and not the 413. The
 * connection carries the next request when the body has ended in time; else it is closed.
 */
export function discardRest(request: IncomingMessage): void {
  let bytes = 0;
  const cut = (): void => void request.socket.destroy();
  const timer = setTimeout(cut, LONGEST_MS);
  timer.unref();
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) cut();
  });
  request.once('close', () => clearTimeout(timer));
  request.once('end', () => clearTimeout(timer));
  request.resume();
}
