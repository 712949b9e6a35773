import { setTimeout as delay } from 'node:timers/promises';
import { waitFor } from '@weft/testing';
import type { RunningGraph } from '../running-graph.ts';

/** Who may be killed: everybody who writes, and the provider. Those that have a part in an order come first. */
export const VICTIMS = [
  'orders-worker',
  'orders',
  'inventory-worker',
  'inventory',
  'payments',
  'reviews',
  'reviews-worker',
] as const;

export type Victim = (typeof VICTIMS)[number];

/**
 * Kills a process with SIGKILL at a random moment, some times, and waits each time until it serves again: every round
 * another one, so that none rests long enough to be spared.
 */
export async function killInTurns(
  { graph }: RunningGraph,
  rounds: number,
  onRound: (round: number, victim: Victim) => void,
): Promise<Record<string, number>> {
  const kills: Record<string, number> = {};
  for (let round = 0; round < rounds; round += 1) {
    const victim = VICTIMS[round % VICTIMS.length] as Victim;
    const child = graph.children.find(({ name }) => name === victim);
    if (child === undefined) throw new Error(`there is no process ${victim}`);
    onRound(round + 1, victim);
    await delay(Math.random() * 700);
    const { pid, restarts } = child;
    process.kill(pid, 'SIGKILL');
    kills[victim] = (kills[victim] ?? 0) + 1;
    await waitFor(() => child.restarts > restarts && child.pid !== 0 && child.pid !== pid, {
      what: `${victim} to be started again`,
      timeoutMs: 60_000,
    });
    await waitFor(
      () =>
        fetch(`${child.url}/health/ready`).then(
          ({ ok }) => ok,
          () => false,
        ),
      { what: `${victim} to serve again`, timeoutMs: 60_000 },
    );
  }
  return kills;
}
