/** Moments are rounded up to this, so that those of thousands of fetches share few timers. */
const TICK_MS = 8;

/** Something that must be over by a moment. */
export interface Deadline {
  /** Late by at most some ticks, never early. Not called once removed. */
  onDeadline(): void;
}

/** Deadlines of everything in flight: one timer for all, since most are taken away again long before. */
export interface Deadlines {
  /** `atMs`: on the clock of `performance.now()`. Gives what `remove` wants. */
  add(deadline: Deadline, atMs: number): number;
  remove(deadline: Deadline, tick: number): void;
}

export function createDeadlines(): Deadlines {
  const byTick = new Map<number, Set<Deadline>>();
  let timer: NodeJS.Timeout | undefined;
  let timerTick = Number.POSITIVE_INFINITY;

  const arm = (tick: number): void => {
    clearTimeout(timer);
    timerTick = tick;
    // what is waited for keeps the process alive, not the wait's bound
    // and a process that was held up itself first looks at what has come meanwhile: answers are read before immediates run
    const leftMs = Math.max(1, Math.ceil(tick * TICK_MS - performance.now()));
    timer = setTimeout(() => setImmediate(fire), leftMs).unref();
  };
  const fire = (): void => {
    const now = Math.floor(performance.now() / TICK_MS);
    timerTick = Number.POSITIVE_INFINITY;
    const due = [...byTick.keys()].filter((tick) => tick <= now).sort((a, b) => a - b);
    for (const tick of due) {
      const deadlines = byTick.get(tick);
      if (deadlines === undefined) continue; // removed by another one
      for (const deadline of deadlines) deadline.onDeadline();
      byTick.delete(tick);
    }
    let next = Number.POSITIVE_INFINITY;
    for (const tick of byTick.keys()) next = Math.min(next, tick);
    if (next < timerTick) arm(next);
  };
  return {
    add(deadline, atMs) {
      const tick = Math.ceil(atMs / TICK_MS);
      const same = byTick.get(tick);
      if (same === undefined) byTick.set(tick, new Set([deadline]));
      else same.add(deadline);
      if (tick < timerTick) arm(tick);
      return tick;
    },
    remove(deadline, tick) {
      const deadlines = byTick.get(tick);
      if (deadlines === undefined) return;
      deadlines.delete(deadline);
      if (deadlines.size === 0) byTick.delete(tick);
    },
  };
}
