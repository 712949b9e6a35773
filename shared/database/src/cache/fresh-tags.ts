/** Above this many, what has passed is looked for and dropped. */
const TIDY_AT = 1_024;

/**
 * Tags that were invalidated a moment ago. A replica within the allowed lag may not have the change yet, so their rows
 * are read from the primary for that long.
 */
export interface FreshTags {
  mark(tags: readonly string[]): void;
  /** Not known which: all of them. */
  markAll(): void;
  has(tag: string): boolean;
  /** No tag is fresh: nothing has to be looked up. */
  readonly isEmpty: boolean;
}

export function createFreshTags(options: { readonly forMs: number; readonly clock?: () => number }): FreshTags {
  const clock = options.clock ?? Date.now;
  const until = new Map<string, number>();
  let allUntil = 0;
  let tidyAt = TIDY_AT;

  const tidy = (now: number): void => {
    // In the order of marking, so the first that has not passed ends the search.
    for (const [tag, end] of until) {
      if (end > now) break;
      until.delete(tag);
    }
    tidyAt = Math.max(TIDY_AT, until.size * 2);
  };

  return {
    mark(tags) {
      const now = clock();
      for (const tag of tags) {
        until.delete(tag);
        until.set(tag, now + options.forMs);
      }
      if (until.size > tidyAt) tidy(now);
    },
    markAll() {
      allUntil = clock() + options.forMs;
    },
    has(tag) {
      const now = clock();
      return allUntil > now || (until.get(tag) ?? 0) > now;
    },
    get isEmpty() {
      if (until.size > 0) tidy(clock());
      return until.size === 0 && allUntil <= clock();
    },
  };
}
