import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Service } from './service.ts';

/** Between the signal and the end of the process, whatever is under way. */
const EXIT_WITHIN_MS = 29_000;
/** A client in steady use sends its next request within this, and is then told to close its connection. */
const IDLE_GRACE_MS = 1_000;
/** The parent answers at once, or is gone. */
const LAST_CONNECTION_WITHIN_MS = 1_000;
const ASK_READY_EVERY_MS = 50;
/** Ctrl-C reaches a child twice at once, from the terminal and from its parent; only a later one is an order to hurry. */
const SECOND_SIGINT_AFTER_MS = 1_000;

/**
 * Ties a service to its process; for main.ts only. SIGTERM, SIGINT and the loss of the parent drain it and exit 0, a second SIGINT
 * exits at once; a promise that nobody handles exits 1. SIGTERM, which is how one process of several is replaced, gives
 * clients with open connections a moment to be told. A parent with an IPC channel is told `{ type: 'listening', url }` as
 * soon as every check of the service passes; one that accepts connections for several processes says
 * `{ type: 'connections-follow' }`, sends each as `{ type: 'connection' }` with the socket, and answers our
 * `{ type: 'stopping' }` with `{ type: 'no-more-connections' }` after the last.
 */
export function stopOnSignal(service: Service): void {
  const { log } = service.telemetry;
  let stoppingSince: number | undefined;
  let connectionsFollow = false;
  const stop = (reason: string): void => {
    if (stoppingSince !== undefined) {
      if (reason === 'SIGINT' && performance.now() - stoppingSince > SECOND_SIGINT_AFTER_MS) process.exit(130);
      return;
    }
    stoppingSince = performance.now();
    log.info({ reason }, `${service.name} stops.`);
    setTimeout(() => {
      log.error(`${service.name} did not stop in ${EXIT_WITHIN_MS} ms.`);
      process.exit(1);
    }, EXIT_WITHIN_MS).unref();
    void end(service, { isReplaced: reason === 'SIGTERM', connectionsFollow });
  };
  process.on('SIGTERM', () => stop('SIGTERM'));
  process.on('SIGINT', () => stop('SIGINT'));
  process.on('disconnect', () => stop('the parent process is gone'));
  const fail = (error: unknown): void => {
    log.error({ error }, `${service.name} failed and exits.`);
    process.exit(1);
  };
  process.on('unhandledRejection', fail);
  process.on('uncaughtException', fail);
  if (process.send === undefined) return;
  void tellParent(service);
  process.on('message', (message, socket) => {
    connectionsFollow ||= isOfType(message, 'connections-follow');
    // A client that has left by now comes without its socket.
    if (isOfType(message, 'connection') && socket !== undefined) service.take(socket as Socket);
  });
}

async function end(
  service: Service,
  { isReplaced, connectionsFollow }: { readonly isReplaced: boolean; readonly connectionsFollow: boolean },
): Promise<void> {
  try {
    if (isReplaced && connectionsFollow) await lastConnection();
    await service.stop(isReplaced ? { idleGraceMs: IDLE_GRACE_MS } : {});
    await service.telemetry.stop();
    process.exit(0);
  } catch (error) {
    service.telemetry.log.error({ error }, `${service.name} could not stop in order.`);
    process.exit(1);
  }
}

async function tellParent(service: Service): Promise<void> {
  while ((await service.failing()).length > 0) {
    if (service.isStopping) return;
    await delay(ASK_READY_EVERY_MS);
  }
  // The parent may be gone by now; then `disconnect` ends this process.
  if (process.connected) process.send?.({ type: 'listening', url: service.url }, () => undefined);
}

const isOfType = (message: unknown, type: string): boolean =>
  typeof message === 'object' && message !== null && 'type' in message && message.type === type;

/** Connections come in order, so none is on its way any more when the parent has answered. */
async function lastConnection(): Promise<void> {
  const answered = new Promise<void>((resolve) => {
    process.on('message', (message) => void (isOfType(message, 'no-more-connections') && resolve()));
  });
  process.send?.({ type: 'stopping' }, () => undefined);
  await Promise.race([answered, delay(LAST_CONNECTION_WITHIN_MS)]);
}
