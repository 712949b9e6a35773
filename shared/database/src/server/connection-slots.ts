import { busy } from './failure.ts';

/** Permission to hold one connection. Call exactly once. */
export type ReleaseSlot = () => void;

export interface ConnectionSlots {
  /** First come, first served. DATABASE_BUSY after the longest wait. */
  take(): ReleaseSlot | Promise<ReleaseSlot>;
}

/**
 * Bounds the connections to one server. In front of pg's pool and not inside it, because the pool has one limit for
 * waiting and for connecting, and only the first of them means that we are busy.
 */
export function createConnectionSlots(options: {
  readonly max: number;
  readonly longestWaitMs: number;
  readonly onWaiting?: (waiting: number) => void;
}): ConnectionSlots {
  const queue = new Set<() => void>();
  let free = options.max;

  const release: ReleaseSlot = () => {
    const [next] = queue;
    if (next === undefined) free += 1;
    else next();
  };

  const wait = (): Promise<ReleaseSlot> =>
    new Promise((resolve, reject) => {
      const settle = (): void => {
        queue.delete(admit);
        clearTimeout(timer);
        options.onWaiting?.(queue.size);
      };
      const admit = (): void => {
        settle();
        resolve(release);
      };
      const timer = setTimeout(() => {
        settle();
        reject(busy());
      }, options.longestWaitMs);
      queue.add(admit);
      options.onWaiting?.(queue.size);
    });

  return {
    take() {
      if (free === 0) return wait();
      free -= 1;
      return release;
    },
  };
}
