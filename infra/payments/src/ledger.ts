import { type FileHandle, open, readFile, truncate } from 'node:fs/promises';

/** What became of one charge, under the key that it came with. */
export interface Entry {
  readonly key: string;
  readonly state: 'charged' | 'declined' | 'refunded' | 'voided';
  /** 0 for one that was voided before it came. */
  readonly amountMinor: number;
  readonly currency: string;
}

/** The books: every change is on the disk before anybody hears of it. */
export interface Ledger {
  find(key: string): Entry | undefined;
  /** Every key, as it stands. */
  entries(): readonly Entry[];
  /** Changes the entry of a key, one change of a key at a time; gives what it is then. `undefined` leaves it as it is. */
  change(key: string, how: (before: Entry | undefined) => Entry | undefined): Promise<Entry | undefined>;
  stop(): Promise<void>;
}

/** Opens the file, or makes it. A last line that a crash cut off was never acknowledged, and is dropped. */
export async function openLedger(file: string): Promise<Ledger> {
  const entries = new Map<string, Entry>();
  const handle = await open(file, 'a', 0o600);
  for (const entry of await readEntries(file)) entries.set(entry.key, entry);
  const append = createAppend(handle);
  let last: Promise<unknown> = Promise.resolve();

  return {
    find: (key) => entries.get(key),
    entries: () => [...entries.values()],
    change(key, how) {
      const entry = how(entries.get(key));
      // Known at once, so that a second request for the key finds it; told only after it is written.
      if (entry !== undefined) {
        entries.set(key, entry);
        last = append(JSON.stringify(entry));
      }
      return last.then(() => entries.get(key));
    },
    async stop() {
      await last.catch(() => undefined);
      await handle.close();
    },
  };
}

async function readEntries(file: string): Promise<Entry[]> {
  const text = await readFile(file, 'utf8');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  if (whole.length < text.length) await truncate(file, Buffer.byteLength(whole));
  return whole
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Entry);
}

/** Lines that come while the disk is busy go together: one write and one fsync for all of them. */
function createAppend(handle: FileHandle): (line: string) => Promise<void> {
  let waiting: string[] = [];
  let writing: Promise<void> = Promise.resolve();
  let next: Promise<void> | undefined;
  const write = async (): Promise<void> => {
    next = undefined;
    const lines = waiting;
    waiting = [];
    await handle.appendFile(`${lines.join('\n')}\n`);
    await handle.datasync();
  };
  return (line) => {
    waiting.push(line);
    if (next === undefined) {
      next = writing.then(write);
      writing = next;
    }
    return next;
  };
}
