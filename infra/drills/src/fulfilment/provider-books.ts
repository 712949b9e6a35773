import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunningGraph } from '../running-graph.ts';

/** A line of the payment provider's ledger. */
export interface Entry {
  readonly key: string;
  readonly state: string;
  readonly amountMinor: number;
}

/** What the provider holds of each key: the last line about it. */
export async function readLedger({ graph }: RunningGraph): Promise<Map<string, Entry>> {
  const text = await readFile(join(graph.directory, 'payments.jsonl'), 'utf8');
  const entries = new Map<string, Entry>();
  for (const line of text.split('\n').filter((each) => each !== '')) {
    const entry = JSON.parse(line) as Entry;
    entries.set(entry.key, entry);
  }
  return entries;
}
