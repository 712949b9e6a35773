/** What a starting process has opened so far, closed in the opposite order: at its end, or when the start fails half-way. */
export interface Closers {
  add(close: () => Promise<void>): void;
  /** Closes everything once, also when some of it fails; throws the first failure after the last close. */
  close(): Promise<void>;
}

export function createClosers(): Closers {
  const open: (() => Promise<void>)[] = [];
  return {
    add(close) {
      open.push(close);
    },
    async close() {
      const failures: unknown[] = [];
      for (let close = open.pop(); close !== undefined; close = open.pop()) {
        await close().catch((error: unknown) => failures.push(error));
      }
      if (failures.length > 0) throw failures[0];
    },
  };
}
