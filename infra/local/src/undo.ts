/** What has to be taken back, newest first. */
export interface Undo {
  add(step: () => Promise<void>): void;
  /** Takes everything back, once; the second call waits for the first. A step that fails does not keep the others. */
  run(): Promise<void>;
}

export function createUndo(): Undo {
  const steps: (() => Promise<void>)[] = [];
  let running: Promise<void> | undefined;
  const run = async (): Promise<void> => {
    const failures: unknown[] = [];
    for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
      await step().catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw failures[0];
  };
  return {
    add: (step) => void steps.push(step),
    run: () => {
      running ??= run();
      return running;
    },
  };
}
