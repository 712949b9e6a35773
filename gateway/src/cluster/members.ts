import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '@weft/telemetry';
import type { Member } from './member.ts';

export interface MembersOptions {
  readonly start: () => Member;
  readonly log: Log;
  /** Told of each one that ends. */
  readonly onEnded: (member: Member) => void;
  /** Pause before a worker that ended too soon is replaced; it doubles each time. Milliseconds. */
  readonly firstPauseMs?: number;
}

export interface Members {
  /** Starts the first, then, when it serves, the others together. Rejects with WorkerEnded when one ends before it serves. */
  open(count: number): Promise<string>;
  /** Those that start and those that leave among them. */
  readonly all: readonly Member[];
  /**
   * Replaces one after the other: the next one serves before the last one leaves. Stops at a new one that does not serve,
   * and the old ones serve on. `count`: of workers from now on.
   */
  restart(count: number): Promise<'restarted' | 'refused'>;
  /** Drains all; resolves when the last one is gone. */
  stop(): Promise<void>;
}

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;
/** A worker that served so long ended for a new reason. */
const LONG_ENOUGH_MS = 30_000;
/** From asking a worker to leave to ending it. It stops by itself well before. */
const LEAVE_WITHIN_MS = 30_000;
/** From its start to its first answer: a planner of a large supergraph takes its time. */
const SERVE_WITHIN_MS = 60_000;

/** The workers of a gateway. Each has a place; who ends unasked is replaced there. */
export function createMembers(options: MembersOptions): Members {
  const { log, firstPauseMs = FIRST_PAUSE_MS } = options;
  const places: (Member | undefined)[] = [];
  const alive = new Set<Member>();
  let stopping = false;
  let restarting: Promise<unknown> = Promise.resolve();

  const start = (): Member => {
    const member = options.start();
    alive.add(member);
    void member.exited.then(() => {
      alive.delete(member);
      options.onEnded(member);
    });
    return member;
  };

  /** Puts a worker into its place, and watches over the place. */
  const settle = (place: number, member: Member, failures: number): void => {
    places[place] = member;
    void member.exited.then(async (exitCode) => {
      if (stopping || places[place] !== member) return; // it was told to, or was replaced
      const served = performance.now() - member.startedAt;
      const again = served > LONG_ENOUGH_MS ? 0 : failures + 1;
      const pauseMs = again === 0 ? 0 : Math.min(LONGEST_PAUSE_MS, firstPauseMs * 2 ** (again - 1));
      log.error({ pid: member.pid, exitCode, pauseMs }, 'A worker ended; another one takes its place.');
      await delay(pauseMs);
      if (!stopping && places[place] === member) settle(place, start(), again);
    });
  };

  const gone = async (member: Member, ask: () => void): Promise<void> => {
    ask();
    await killedUnless(member.exited, member, LEAVE_WITHIN_MS);
  };

  const replace = async (place: number): Promise<void> => {
    const before = places[place];
    const next = start();
    await inTime(next);
    await Promise.race([next.ready, next.exited]);
    settle(place, next, 0);
    if (before !== undefined) await gone(before, () => before.tell({ type: 'leave' }));
  };

  const restart = async (count: number): Promise<'restarted' | 'refused'> => {
    for (let place = 0; place < count; place++) {
      if (stopping) return 'refused';
      try {
        await replace(place);
      } catch (error) {
        log.error({ error }, 'A new worker did not serve; those before serve on.');
        return 'refused';
      }
    }
    const others = places.splice(count);
    await Promise.all(
      others.flatMap((member) => (member === undefined ? [] : gone(member, () => member.tell({ type: 'leave' })))),
    );
    log.info({ workers: count }, 'The workers were restarted.');
    return 'restarted';
  };

  return {
    async open(count) {
      const begun = [start()];
      try {
        // what the first one cannot do, none can: it is told once
        const url = await inTime(begun[0] as Member);
        while (begun.length < count) begun.push(start());
        await Promise.all(begun.map(inTime));
        for (const [place, member] of begun.entries()) settle(place, member, 0);
        return url;
      } catch (error) {
        for (const member of alive) member.kill();
        throw error;
      }
    },
    get all() {
      return [...alive];
    },
    restart(count) {
      const next = restarting.then(() => restart(count));
      restarting = next;
      return next;
    },
    async stop() {
      stopping = true;
      await Promise.all([...alive].map((member) => gone(member, member.stop)));
    },
  };
}

const inTime = (member: Member): Promise<string> => killedUnless(member.serves, member, SERVE_WITHIN_MS);

/** Waits for `done`, and kills the worker when that takes longer. */
async function killedUnless<Result>(done: Promise<Result>, member: Member, withinMs: number): Promise<Result> {
  const late = new AbortController();
  const killed = delay(withinMs, undefined, { signal: late.signal }).then(
    () => member.kill(),
    () => undefined,
  );
  try {
    return await done;
  } finally {
    late.abort();
    await killed;
  }
}
