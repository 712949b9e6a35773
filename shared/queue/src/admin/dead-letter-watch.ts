import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '@weft/errors';
import { METRICS } from '@weft/telemetry';
import type { WorkerSettings } from '../worker-settings.ts';
import { openDeadLetters } from './dead-letters.ts';

const EVERY_MS = 30_000;

/** Counts the dead letters of one shard for /metrics, now and again. Every copy of a worker tells the same number. */
export function watchDeadLetters<T>(
  { database, telemetry }: WorkerSettings<T>,
  shard: string,
): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const gauge = telemetry.gauge(METRICS.queue_dead_letters);
  const letters = openDeadLetters(database);

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      await letters.countOn(shard).then(
        (count) => gauge.set({ shard }, count),
        (error: unknown) => telemetry.log.info({ shard, error: messageOf(error) }, 'dead letters could not be counted'),
      );
      await delay(EVERY_MS, undefined, { ref: false, signal: stopping.signal }).catch(() => undefined);
    }
  }

  const running = run();
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
