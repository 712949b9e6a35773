import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { ConsoleTab } from '@weft/console';
import { inClone } from './data/clone.ts';

const FOLDER = 'schema/operations';
/** The operation over all five subgraphs. */
export const STOREFRONT = 'storefront.graphql';

/** The text of one of the operations in schema/operations. */
export const readOperation = (file: string): Promise<string> => readFile(join(inClone(FOLDER), file), 'utf8');

/** All of them as tabs of the console: the storefront first, then by name. */
export async function consoleTabs(): Promise<ConsoleTab[]> {
  const files = (await readdir(inClone(FOLDER))).filter((file) => file.endsWith('.graphql')).sort();
  const ordered = [STOREFRONT, ...files.filter((file) => basename(file) !== STOREFRONT)];
  return Promise.all(ordered.map(async (file) => ({ query: await readOperation(file) })));
}
