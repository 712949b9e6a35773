import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { environment } from '@weft/config';

/**
 * Installs a folder's packages when its lockfile is not the one that was installed. No install script runs.
 * Gives false when npm could not.
 */
export function installFolder(folder: URL, tell: () => void): boolean {
  const lock = readFileSync(new URL('package-lock.json', folder), 'utf8');
  const marker = new URL('node_modules/.installed-lock.json', folder);
  if (existsSync(marker) && readFileSync(marker, 'utf8') === lock) return true;
  tell();
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: fileURLToPath(folder),
    // npm checks `engines` against the Node that runs it, and the rivals run on ours
    env: { ...environment(), PATH: `${dirname(process.execPath)}:${environment().PATH ?? ''}` },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status === 0) writeFileSync(marker, lock);
  return status === 0;
}
