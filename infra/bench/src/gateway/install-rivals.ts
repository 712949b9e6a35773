import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { environment } from '@weft/config';
import { UserError } from '@weft/errors';

const FOLDER = new URL('../../rivals/', import.meta.url);

export const rivalFile = (path: string): string => fileURLToPath(new URL(path, FOLDER));

/**
 * Installs the rivals into their folder when their lockfile is not the one that was installed. No install script runs:
 * none of them needs one.
 */
export function installRivals(tell: (line: string) => void): void {
  const lock = readFileSync(rivalFile('package-lock.json'), 'utf8');
  const marker = rivalFile('node_modules/.installed-lock.json');
  if (existsSync(marker) && readFileSync(marker, 'utf8') === lock) return;
  tell('Installing the rivals (about 750 packages, 600 MB, once)');
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: fileURLToPath(FOLDER),
    // npm checks `engines` against the Node that runs it, and the rivals run on ours
    env: { ...environment(), PATH: `${dirname(process.execPath)}:${environment().PATH ?? ''}` },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) throw new UserError('The rivals could not be installed; --rivals stock needs none of them.');
  writeFileSync(marker, lock);
}
