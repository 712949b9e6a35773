import type { ChildProcess } from 'node:child_process';
import { createServer, type Socket } from 'node:net';
import { UserError } from '@weft/errors';

/** One port in front of several gateways. */
export interface SharedAddress {
  /** http://127.0.0.1:4000 */
  readonly url: string;
  /** Accepts no more; connections that were handed on are the gateways' own. */
  close(): void;
}

const LOOK_AGAIN_MS = 50;

/**
 * Accepts connections here and hands each, untouched, to one of the processes that serve, in turn. The port belongs to
 * none of them, so a gateway that ends or begins anew refuses nobody; while none serves, connections wait. What a
 * connection carries goes straight to its gateway, nothing passes through here.
 *
 * Throws UserError when the port is taken.
 */
export async function openSharedAddress(
  port: number,
  servingNow: () => readonly ChildProcess[],
): Promise<SharedAddress> {
  const waiting = new Set<Socket>();
  /** On their way to a process; ours until the channel has them. */
  const leaving = new Map<ChildProcess, Set<Socket>>();
  let turn = 0;
  let timer: NodeJS.Timeout | undefined;

  function handOn(socket: Socket): void {
    const processes = servingNow();
    const next = processes[turn % processes.length];
    turn += 1;
    if (next === undefined) {
      wait(socket);
      return;
    }
    const leavingNext = leaving.get(next) ?? followEnd(next);
    leavingNext.add(socket);
    next.send({ type: 'connection' }, socket, { keepOpen: true }, (error) => {
      if (!leavingNext.delete(socket)) return;
      if (error) wait(socket);
      else socket.destroy(); // our copy: the process has its own
    });
  }

  /** What had not left when the process ended goes to another one. */
  function followEnd(next: ChildProcess): Set<Socket> {
    const sockets = new Set<Socket>();
    leaving.set(next, sockets);
    next.once('exit', () => {
      leaving.delete(next);
      for (const socket of sockets) wait(socket);
      sockets.clear();
    });
    return sockets;
  }

  function wait(socket: Socket): void {
    waiting.add(socket);
    timer ??= setTimeout(() => {
      timer = undefined;
      const waiters = [...waiting];
      waiting.clear();
      for (const socket of waiters) handOn(socket);
    }, LOOK_AGAIN_MS);
  }

  const server = createServer({ pauseOnConnect: true }, (socket) => {
    // A client may leave while it waits.
    socket.on('error', () => {}).once('close', () => waiting.delete(socket));
    handOn(socket);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', () =>
      reject(
        new UserError(`Port ${port} is in use by another program. Name another one with --port.`, { exitCode: 1 }),
      ),
    );
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => {
      server.close();
      clearTimeout(timer);
      for (const socket of waiting) socket.destroy();
    },
  };
}
