import { setTimeout as delay } from 'node:timers/promises';

export interface WaitOptions {
  /** Named in the failure: "the replica to catch up". */
  readonly what: string;
  readonly timeoutMs?: number;
}

const ASK_EVERY_MS = 10;

/**
 * Waits until the condition gives something truthy, and gives that. A condition that throws counts as not yet;
 * after the deadline its last error is the cause of the failure.
 */
export async function waitFor<T>(condition: () => T | Promise<T>, options: WaitOptions): Promise<NonNullable<T>> {
  const timeoutMs = options.timeoutMs ?? 30_000;
  const deadline = performance.now() + timeoutMs;
  let last: unknown;
  for (;;) {
    try {
      const given = await condition();
      if (given) return given;
      last = undefined;
    } catch (error) {
      last = error;
    }
    if (performance.now() >= deadline) throw new Error(`waited ${timeoutMs} ms for ${options.what}`, { cause: last });
    await delay(ASK_EVERY_MS);
  }
}
