/** A subgraph as the supergraph of the calling generation knows it. */
export interface Called {
  readonly subgraph: string;
  /** URL in that supergraph; empty when it was composed without one. */
  readonly address: string;
}

export interface Copies {
  /** The next copy in turn, without those that could not be reached a moment ago and without `avoid`, as long as others are left. */
  next(called: Called, avoid: URL | undefined): URL | undefined;
  /** Leaves a copy alone for a moment: as long as is configured when nothing is said. */
  eject(url: URL, forMs?: number): void;
  hasOther(called: Called, url: URL): boolean;
  /** Of every copy that was named by `setOverrides`. */
  origins(): Set<string>;
  /** The copies of subgraphs; the address of the supergraph holds where nothing is said. */
  setOverrides(urls: Readonly<Record<string, readonly string[]>>): void;
}

/** Which copies of each subgraph there are, and which of them are worth a call now. */
export function createCopies(options: { readonly ejectMs: number; readonly clock?: () => number }): Copies {
  const clock = options.clock ?? (() => performance.now());
  const overrides = new Map<string, readonly URL[]>();
  const turns = new Map<string, number>();
  const ejectedUntil = new Map<string, number>();
  const addresses = new Map<string, readonly URL[]>();
  const of = ({ subgraph, address }: Called): readonly URL[] => {
    const given = overrides.get(subgraph) ?? addresses.get(address);
    if (given !== undefined) return given;
    const own = URL.canParse(address) ? [new URL(address)] : [];
    addresses.set(address, own);
    return own;
  };
  const rests = (url: URL): boolean => (ejectedUntil.get(url.href) ?? 0) > clock();

  return {
    next(called, avoid) {
      const all = of(called);
      if (all.length < 2) return all[0];
      const turn = (turns.get(called.subgraph) ?? -1) + 1;
      turns.set(called.subgraph, turn % all.length);
      const inTurn = all.map((_, index) => all[(turn + index) % all.length] as URL);
      const others = inTurn.filter((url) => url.href !== avoid?.href);
      // when every copy rests, trying one is better than failing without a try
      return others.find((url) => !rests(url)) ?? others[0] ?? inTurn[0];
    },
    eject(url, forMs = options.ejectMs) {
      // never less than somebody else left it alone for
      ejectedUntil.set(url.href, Math.max(ejectedUntil.get(url.href) ?? 0, clock() + forMs));
    },
    hasOther: (called, url) => of(called).some((copy) => copy.href !== url.href),
    origins: () => new Set([...overrides.values()].flat().map((url) => url.origin)),
    setOverrides(urls) {
      overrides.clear();
      addresses.clear();
      ejectedUntil.clear();
      for (const [name, list] of Object.entries(urls)) {
        const copies = list.map((url) => new URL(url));
        if (copies.length > 0) overrides.set(name, copies);
      }
    },
  };
}
