import type { Server } from 'node:http';
import { Server as NetServer, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { InFlight } from './in-flight.ts';

export interface DrainOptions {
  /** Between saying 503 on /health/ready and closing the port: the time a balancer needs to look. */
  readonly leadMs: number;
  /** Longest wait for answers that are under way. */
  readonly timeoutMs: number;
}

export interface StopOptions {
  /**
   * How long a connection without a request is left open: a client that sends the next one meanwhile is answered, and
   * told to close. Closing at once would meet requests that are on their way. 0 when left out.
   */
  readonly idleGraceMs?: number;
  /** Another process serves the same address already: who asks on a connection that is still open is told that it is ready. */
  readonly staysReady?: boolean;
}

/** The connections of a server, accepted by itself or taken from another process; Node counts only the first. */
export interface OpenConnections {
  /** Resolves when none is open. */
  whenEmpty(): Promise<void>;
}

export function trackOpen(server: Server): OpenConnections {
  const open = new Set<Socket>();
  let waiting: (() => void)[] = [];
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => {
      open.delete(socket);
      if (open.size > 0) return;
      for (const resolve of waiting) resolve();
      waiting = [];
    });
  });
  return {
    whenEmpty: () => (open.size === 0 ? Promise.resolve() : new Promise((resolve) => void waiting.push(resolve))),
  };
}

/** Closes the port, lets answers end, then closes every connection. Gives how many requests were cut off. */
export async function drain(
  server: Server,
  { inFlight, open }: { readonly inFlight: InFlight; readonly open: OpenConnections },
  { leadMs, timeoutMs, idleGraceMs = 0 }: DrainOptions & StopOptions,
): Promise<number> {
  if (leadMs > 0) await delay(leadMs);
  const closed = new Promise<void>((resolve) => server.once('close', resolve));
  // The part of HTTP's own `close` that stops listening; the rest of it ends every connection that is idle now.
  NetServer.prototype.close.call(server);
  if (idleGraceMs > 0) await within(idleGraceMs, open.whenEmpty());
  server.close();
  await within(timeoutMs, inFlight.whenEmpty());
  const cutOff = inFlight.count;
  server.closeAllConnections();
  await closed;
  return cutOff;
}

async function within(timeoutMs: number, done: Promise<void>): Promise<void> {
  const late = new AbortController();
  await Promise.race([done, delay(timeoutMs, undefined, { signal: late.signal }).catch(() => undefined)]);
  late.abort();
}
