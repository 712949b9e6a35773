import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The packages that end up in the bundle or make it. */
const PACKAGES = ['graphiql', 'graphql', 'react', 'react-dom', 'vite'];

/** A hash of everything that the built console depends on: the page, the build and the versions of its packages. */
export async function fingerprintInputs(root: string): Promise<string> {
  const hash = createHash('sha256');
  const page = join(root, 'src', 'page');
  const files = (await readdir(page, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  for (const file of [...files, join(root, 'src', 'build-console.ts')])
    hash
      .update(file.slice(root.length))
      .update('\0')
      .update(await readFile(file))
      .update('\0');
  for (const name of PACKAGES) {
    const manifest = JSON.parse(await readFile(join(root, 'node_modules', name, 'package.json'), 'utf8'));
    hash.update(`${name}@${manifest.version}\0`);
  }
  return hash.digest('hex');
}
