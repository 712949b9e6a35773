import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { copyOfRepo, execute, linkDependencies, REPO, typecheck } from './repo-copy.ts';
import { runWeft } from './run-weft.ts';

const copy = copyOfRepo();
afterAll(() => rmSync(copy, { recursive: true }));

test('the patches of the guide apply to the subgraphs as they are, typecheck, and are safe', async () => {
  const guide = readFileSync(join(REPO, 'docs/guides/add-a-field.md'), 'utf8');
  for (const part of ['src', 'test', 'tsconfig.json', 'tsconfig.test.json', 'subgraph.yaml', 'package.json']) {
    cpSync(join(REPO, 'subgraphs/accounts', part), join(copy, 'subgraphs/accounts', part), { recursive: true });
  }
  const patches = [...guide.matchAll(/^git apply <<'EOF'\n([\s\S]*?)^EOF$/gm)].map(([, patch = '']) => patch);
  expect(patches.length).toBe(2);
  for (const patch of patches) {
    writeFileSync(join(copy, 'field.patch'), patch);
    await execute('git', ['apply', 'field.patch'], { cwd: copy });
  }
  await typecheck(linkDependencies(copy, 'accounts'));
  const { code, out } = await runWeft(copy, 'check');
  expect(code).toBe(0);
  expect(out).toMatch(/\n {2}safe {2}Field 'initials' was added to object type 'User'\.\n/);
  expect(out).toMatch(/\n {2}safe {2}Field 'motto' was added to object type 'User'\.\n/);
});
