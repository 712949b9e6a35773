/** What is built from one supergraph and stopped with it. */
export interface Generation {
  readonly id: string;
  stop(): Promise<void>;
}

export interface Generations<G extends Generation> {
  readonly current: G;
  /** The current generation, held until `release`; an operation ends on the one that admitted it. */
  lease(): { readonly generation: G; release(): void };
  /** The next one serves from now on; the one before stops when its last lease ends. */
  swap(next: G): void;
  /** Those that still serve somebody, the current one among them. */
  readonly alive: readonly G[];
  /** Stops the current one; call it when nothing is in flight. */
  stop(): Promise<void>;
}

interface Holder<G> {
  readonly generation: G;
  leases: number;
  retired: boolean;
}

export function createGenerations<G extends Generation>(
  first: G,
  onStopped: (generation: G, error?: unknown) => void,
): Generations<G> {
  let holder: Holder<G> = { generation: first, leases: 0, retired: false };
  const alive = new Set([holder]);
  const end = async (ended: Holder<G>): Promise<void> => {
    alive.delete(ended);
    await ended.generation.stop().then(
      () => onStopped(ended.generation),
      (error: unknown) => onStopped(ended.generation, error),
    );
  };
  return {
    get current() {
      return holder.generation;
    },
    get alive() {
      return [...alive].map(({ generation }) => generation);
    },
    lease() {
      const held = holder;
      held.leases += 1;
      let released = false;
      return {
        generation: held.generation,
        release() {
          if (released) return;
          released = true;
          held.leases -= 1;
          if (held.retired && held.leases === 0) void end(held);
        },
      };
    },
    swap(next) {
      const before = holder;
      holder = { generation: next, leases: 0, retired: false };
      alive.add(holder);
      before.retired = true;
      if (before.leases === 0) void end(before);
    },
    async stop() {
      await end(holder);
    },
  };
}
