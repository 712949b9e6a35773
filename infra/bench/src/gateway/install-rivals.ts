import { fileURLToPath } from 'node:url';
import { UserError } from '@weft/errors';
import { installFolder } from '../install-folder.ts';

const FOLDER = new URL('../../rivals/', import.meta.url);

export const rivalFile = (path: string): string => fileURLToPath(new URL(path, FOLDER));

/** Installs the rivals into their folder when their lockfile is not the one that was installed. */
export function installRivals(tell: (line: string) => void): void {
  const done = installFolder(FOLDER, () => tell('Installing the rivals (about 750 packages, 600 MB, once)'));
  if (!done) throw new UserError('The rivals could not be installed; --rivals stock needs none of them.');
}
