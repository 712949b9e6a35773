import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** The requests of a server that are being answered. */
export interface InFlight {
  began(request: IncomingMessage, response: ServerResponse): void;
  /** True while a request of this socket is answered. */
  isBusy(socket: Socket): boolean;
  readonly count: number;
  /** Resolves when nothing is under way. */
  whenEmpty(): Promise<void>;
}

export function createInFlight(): InFlight {
  const busy = new WeakMap<Socket, number>();
  let waiting: (() => void)[] = [];
  let count = 0;
  const change = (socket: Socket, by: number): void => {
    count += by;
    busy.set(socket, (busy.get(socket) ?? 0) + by);
    if (count > 0) return;
    for (const resolve of waiting) resolve();
    waiting = [];
  };
  return {
    began(request, response) {
      const { socket } = request;
      change(socket, 1);
      response.once('close', () => change(socket, -1));
    },
    isBusy: (socket) => (busy.get(socket) ?? 0) > 0,
    get count() {
      return count;
    },
    whenEmpty: () => (count === 0 ? Promise.resolve() : new Promise((resolve) => void waiting.push(resolve))),
  };
}
