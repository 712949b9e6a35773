import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ConsoleConfig } from './console-config.ts';

/** Writes `config.json` of a built console in one step, readable by its owner only: it may hold a token. */
export async function writeConsoleConfig(directory: string, config: ConsoleConfig): Promise<void> {
  const file = join(directory, 'config.json');
  const next = `${file}.${process.pid}`;
  await writeFile(next, `${JSON.stringify(config, null, 2)}\n`, { mode: 0o600 });
  await rename(next, file);
}
