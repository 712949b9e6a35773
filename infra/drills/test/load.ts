import { setTimeout as delay } from 'node:timers/promises';
import type { Answered } from '../src/running-graph.ts';

export interface Load {
  /** Answers so far, right or wrong. */
  answered(): number;
  /** Ends the load and gives what went wrong, each failure with the moment since the start. */
  stop(): Promise<{ readonly answered: number; readonly failures: readonly string[] }>;
}

/** Keeps `lanes` requests under way until it is stopped. A failure is an exception or an answer that `wrong` names. */
export function startLoad(options: {
  readonly lanes: number;
  readonly ask: (nth: number) => Promise<Answered>;
  readonly wrong: (answer: Answered) => string | undefined;
}): Load {
  const { lanes, ask, wrong } = options;
  const began = performance.now();
  const failures: string[] = [];
  let running = true;
  let answered = 0;
  let nth = 0;

  async function lane(): Promise<void> {
    while (running) {
      nth += 1;
      const problem = await ask(nth).then(wrong, (error: unknown) => String((error as Error).cause ?? error));
      answered += 1;
      if (problem !== undefined) failures.push(`${Math.round(performance.now() - began)} ms: ${problem}`);
      await delay(5); // the graph shares the machine with this load; its answers matter here, not its speed
    }
  }
  const all = Array.from({ length: lanes }, lane);
  return {
    answered: () => answered,
    async stop() {
      running = false;
      await Promise.all(all);
      return { answered, failures };
    },
  };
}
