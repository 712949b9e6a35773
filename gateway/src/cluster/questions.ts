/** Questions to another process, each with a number that its answer brings back. */
export interface Questions<Answer> {
  /** `send`: under this number. Resolves with undefined when no answer comes in time. */
  ask(send: (id: number) => void): Promise<Answer | undefined>;
  answer(id: number, answer: Answer): void;
  /** The other process is gone: whoever still waits gets undefined. */
  giveUp(): void;
}

export function createQuestions<Answer>(timeoutMs: number): Questions<Answer> {
  const waiting = new Map<number, (answer: Answer | undefined) => void>();
  let nextId = 0;
  return {
    ask: (send) =>
      new Promise((resolve) => {
        const id = nextId++;
        const done = (answer: Answer | undefined): void => {
          clearTimeout(timer);
          waiting.delete(id);
          resolve(answer);
        };
        const timer = setTimeout(() => done(undefined), timeoutMs);
        waiting.set(id, done);
        send(id);
      }),
    answer: (id, answer) => waiting.get(id)?.(answer),
    giveUp() {
      for (const done of waiting.values()) done(undefined);
    },
  };
}
