import { messageOf } from '@weft/errors';
import type { Log } from '@weft/telemetry';
import { TookTooLong, withTimeLimit } from './time-limit.ts';

/** Whether the second level is asked at all. Down at first, until it was reached. */
export interface Availability {
  readonly isUp: boolean;
  succeeded(): void;
  /** One failure can be chance; three in a row are not. */
  failed(error: unknown): void;
  /** Without a reason it is nobody's failure: it only has to be settled first. */
  goDown(reason?: string): void;
  /** There is a connection: see at once whether it works. */
  connected(): void;
  stop(): void;
}

export interface AvailabilityOptions {
  readonly name: string;
  readonly log: Log;
  readonly isConnected: () => boolean;
  readonly ping: () => Promise<void>;
  /** Brings the second level in order before it is read again. */
  readonly settle: () => Promise<void>;
  /** False when something came up while it was settled. */
  readonly isSettled: () => boolean;
  readonly reconnect: () => void;
}

const FAILURES_IN_A_ROW = 3;
const PROBE_EVERY_MS = 250;
const PROBE_TIMEOUT_MS = 1_000;
/** A connection that was silent for so long is dropped, not waited for. */
const SILENT_MS = 10_000;

/** A breaker whose probes are its own: no request of a user is spent on finding out whether Redis is back. */
export function createAvailability(options: AvailabilityOptions): Availability {
  let isUp = false;
  let isProbing = false;
  let isStopped = false;
  let wasTold = false;
  let inARow = 0;
  let silentSinceMs: number | undefined;
  let timer: NodeJS.Timeout | undefined;

  const probeLater = (): void => {
    if (isStopped) return;
    clearTimeout(timer);
    timer = setTimeout(() => void probe(), PROBE_EVERY_MS);
    timer.unref();
  };
  const probe = async (): Promise<void> => {
    if (isProbing || isUp || isStopped) return;
    isProbing = true;
    try {
      if (!options.isConnected()) return;
      await withTimeLimit(options.ping(), PROBE_TIMEOUT_MS);
      do await options.settle();
      while (!options.isSettled());
      isUp = true;
      inARow = 0;
      silentSinceMs = undefined;
      if (wasTold) options.log.info({ cache: options.name }, 'Redis is used again.');
      wasTold = false;
    } catch (error) {
      if (error instanceof TookTooLong) dropSilent();
    } finally {
      isProbing = false;
      if (!isUp) probeLater();
    }
  };
  const dropSilent = (): void => {
    const now = performance.now();
    silentSinceMs ??= now;
    if (now - silentSinceMs < SILENT_MS) return;
    silentSinceMs = undefined;
    options.reconnect();
  };
  const goDown = (reason: string): void => {
    isUp = false;
    if (!wasTold && !isStopped)
      options.log.warn({ cache: options.name, reason }, 'Redis is not used until it answers.');
    wasTold ||= reason !== undefined;
    if (!isProbing) probeLater();
  };
  return {
    get isUp() {
      return isUp;
    },
    succeeded() {
      inARow = 0;
    },
    failed(error) {
      inARow++;
      if (isUp && inARow >= FAILURES_IN_A_ROW) goDown(messageOf(error));
    },
    goDown,
    connected: () => void probe(),
    stop() {
      isStopped = true;
      isUp = false;
      clearTimeout(timer);
    },
  };
}
