export interface Copies {
  /** The next copy in turn, without those that could not be reached a moment ago and without `avoid`, as long as others are left. */
  next(subgraph: string, avoid: URL | undefined): URL | undefined;
  /** Leaves a copy alone for a moment. */
  eject(url: URL): void;
  hasOther(subgraph: string, url: URL): boolean;
  /** Origins of every copy that may be called. */
  origins(): Set<string>;
  /** Addresses by the supergraph of the newest generation; they hold where `setOverrides` says nothing. */
  setDefaults(subgraphs: readonly { readonly name: string; readonly url: string }[]): void;
  setOverrides(urls: Readonly<Record<string, readonly string[]>>): void;
}

/** Which copies of each subgraph there are, and which of them are worth a call now. */
export function createCopies(options: { readonly ejectMs: number; readonly clock?: () => number }): Copies {
  const clock = options.clock ?? (() => performance.now());
  const defaults = new Map<string, readonly URL[]>();
  const overrides = new Map<string, readonly URL[]>();
  const turns = new Map<string, number>();
  const ejectedUntil = new Map<string, number>();
  const of = (subgraph: string): readonly URL[] => overrides.get(subgraph) ?? defaults.get(subgraph) ?? [];
  const rests = (url: URL): boolean => (ejectedUntil.get(url.href) ?? 0) > clock();

  return {
    next(subgraph, avoid) {
      const all = of(subgraph);
      if (all.length < 2) return all[0];
      const turn = (turns.get(subgraph) ?? -1) + 1;
      turns.set(subgraph, turn % all.length);
      const inTurn = all.map((_, index) => all[(turn + index) % all.length] as URL);
      const others = inTurn.filter((url) => url.href !== avoid?.href);
      // when every copy rests, trying one is better than failing without a try
      return others.find((url) => !rests(url)) ?? others[0] ?? inTurn[0];
    },
    eject: (url) => void ejectedUntil.set(url.href, clock() + options.ejectMs),
    hasOther: (subgraph, url) => of(subgraph).some((copy) => copy.href !== url.href),
    origins: () =>
      new Set([...defaults.keys(), ...overrides.keys()].flatMap((name) => of(name).map((url) => url.origin))),
    setDefaults(subgraphs) {
      defaults.clear();
      for (const { name, url } of subgraphs) if (URL.canParse(url)) defaults.set(name, [new URL(url)]);
    },
    setOverrides(urls) {
      overrides.clear();
      for (const [name, list] of Object.entries(urls)) {
        if (list.length > 0)
          overrides.set(
            name,
            list.map((url) => new URL(url)),
          );
      }
      const known = new Set([...overrides.values()].flat().map((url) => url.href));
      for (const href of ejectedUntil.keys()) if (!known.has(href)) ejectedUntil.delete(href);
    },
  };
}
