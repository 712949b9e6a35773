import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const execute = promisify(execFile);
export const REPO = fileURLToPath(new URL('../../..', import.meta.url));

/** The files that a scaffold reads or writes; everything else of the repo is linked. */
export function copyOfRepo(): string {
  const root = mkdtempSync(join(tmpdir(), 'weft-new-'));
  for (const file of readdirSync(REPO)) {
    if (/\.(json|mjs|yaml)$/.test(file) && file !== 'pnpm-lock.yaml') cpSync(join(REPO, file), join(root, file));
  }
  for (const folder of ['node_modules', 'shared', 'gateway', 'infra'])
    symlinkSync(join(REPO, folder), join(root, folder));
  mkdirSync(join(root, 'schema'));
  for (const file of ['subgraphs.yaml', 'supergraph.graphql', 'operations']) {
    cpSync(join(REPO, 'schema', file), join(root, 'schema', file), { recursive: true });
  }
  for (const name of readdirSync(join(REPO, 'subgraphs'))) {
    cpSync(join(REPO, 'subgraphs', name, 'schema.graphql'), join(root, 'subgraphs', name, 'schema.graphql'));
  }
  // biome asks git which files there are
  writeFileSync(join(root, '.gitignore'), 'node_modules\n');
  mkdirSync(join(root, '.git'));
  return root;
}

/** What `pnpm install` would link, for a subgraph with the dependencies of one that is there. */
export function linkDependencies(copy: string, name: string): string {
  const folder = join(copy, 'subgraphs', name);
  symlinkSync(join(REPO, 'subgraphs/products/node_modules'), join(folder, 'node_modules'));
  return folder;
}

/** Typechecks the package and its test, against the sources of the packages that it uses. */
export async function typecheck(folder: string): Promise<void> {
  const compilerOptions = { rootDir: '/', incremental: false, tsBuildInfoFile: null };
  writeFileSync(
    join(folder, 'tsconfig.check.json'),
    JSON.stringify({ extends: './tsconfig.test.json', compilerOptions, references: [] }),
  );
  await execute(join(REPO, 'node_modules/.bin/tsc'), ['-p', 'tsconfig.check.json'], { cwd: folder });
}
