import type { BatchContext } from './batch-context.ts';
import { type Batcher, createBatcher } from './batcher.ts';
import { loadLists } from './load-lists.ts';
import { loadRows } from './load-rows.ts';
import { loadTops, type TopRequest, topKey } from './load-tops.ts';

type Loaders = {
  readonly row: Parameters<typeof loadRows>[1];
  readonly list: Parameters<typeof loadLists>[1];
  readonly top: Parameters<typeof loadTops>[1];
};

/** The batchers of one request, made when a loader is first used. */
export interface Batchers {
  rows(loader: Loaders['row']): Batcher;
  lists(loader: Loaders['list']): Batcher;
  tops(loader: Loaders['top']): Batcher;
  /** Forgets what was loaded. */
  clear(): void;
}

export function createBatchers(context: BatchContext): Batchers {
  const known = new Map<object, Batcher>();
  const batcherOf = (loader: object, make: () => Batcher): Batcher => {
    let batcher = known.get(loader);
    if (batcher === undefined) {
      batcher = make();
      known.set(loader, batcher);
    }
    return batcher;
  };
  return {
    rows: (loader) =>
      batcherOf(loader, () => createBatcher<string>(context, (keys, links) => loadRows(context, loader, keys, links))),
    lists: (loader) =>
      batcherOf(loader, () => createBatcher<string>(context, (keys, links) => loadLists(context, loader, keys, links))),
    tops: (loader) =>
      batcherOf(loader, () =>
        createBatcher<TopRequest>(context, (requests, links) => loadTops(context, loader, requests, links), topKey),
      ),
    clear: () => known.clear(),
  };
}
