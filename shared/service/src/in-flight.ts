import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

const responses = new WeakMap<IncomingMessage, ServerResponse>();

/** Ends the connection after this answer, because the rest of the request will not be read. */
export function closeAfterAnswer(request: IncomingMessage): void {
  const response = responses.get(request);
  if (response !== undefined && !response.headersSent) response.setHeader('connection', 'close');
}

/** The sockets of a server and what each has under way. */
export interface InFlight {
  opened(socket: Socket): void;
  began(request: IncomingMessage, response: ServerResponse): void;
  /** True while a request of this socket is answered. */
  isBusy(socket: Socket): boolean;
  /** Ends the sockets that never sent a byte: the HTTP server does not count them as idle. */
  closeSilent(): void;
  readonly count: number;
  /** Resolves when nothing is under way. */
  whenEmpty(): Promise<void>;
}

export function createInFlight(): InFlight {
  const sockets = new Map<Socket, number>();
  let waiting: (() => void)[] = [];
  let count = 0;
  const change = (socket: Socket, by: number): void => {
    count += by;
    const busy = sockets.get(socket);
    if (busy !== undefined) sockets.set(socket, busy + by);
    if (count > 0) return;
    for (const resolve of waiting) resolve();
    waiting = [];
  };
  return {
    opened(socket) {
      sockets.set(socket, 0);
      socket.once('close', () => sockets.delete(socket));
    },
    began(request, response) {
      const { socket } = request;
      responses.set(request, response);
      change(socket, 1);
      response.once('close', () => change(socket, -1));
    },
    isBusy: (socket) => (sockets.get(socket) ?? 0) > 0,
    closeSilent() {
      for (const socket of sockets.keys()) if (socket.bytesRead === 0) socket.destroy();
    },
    get count() {
      return count;
    },
    whenEmpty: () => (count === 0 ? Promise.resolve() : new Promise((resolve) => void waiting.push(resolve))),
  };
}
