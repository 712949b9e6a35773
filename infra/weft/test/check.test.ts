import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { runWeft, smallGraph } from './run-weft.ts';

const graph = smallGraph();
const LIST = ['--config', 'subgraphs.yaml'];
const USER = 'type Query { user: User }\ntype User { id: ID! name: String old: String }';

beforeAll(async () => {
  graph.sdl(USER);
  graph.operation('query Profile {\n  user {\n    name\n  }\n}\n');
  const { code, progress } = await runWeft(graph.directory, 'compose', ...LIST);
  expect([code, progress]).toEqual([0, 'supergraph.graphql is written.\n']);
});
afterAll(() => rmSync(graph.directory, { recursive: true }));

test('the check of this repo passes; data goes to stdout, and the CPU it took is told here', async () => {
  const root = fileURLToPath(new URL('../../..', import.meta.url));
  const { code, out, progress, cpuMs } = await runWeft(root, 'check', '--format', 'json');
  console.log(`weft check of this repo: ${cpuMs} ms CPU`);
  expect([code, progress]).toEqual([0, '']);
  expect(JSON.parse(out)).toMatchObject({ version: 1, result: 'pass' });
  expect(JSON.parse(out).base).toMatch(/^schema\/supergraph\.graphql( of \S+ \([0-9a-f]{8}\))?$/);
});

test('a field that an operation uses cannot go: exit 1, with the file and line of the operation', async () => {
  graph.sdl(USER.replace('name: String ', ''));
  const { code, out, progress } = await runWeft(graph.directory, 'check', ...LIST);
  expect([code, progress]).toEqual([1, '']);
  expect(out).toBe(
    `error OPERATION_BREAKS  Profile: Cannot query field "name" on type "User".
  operations/profile.graphql:3:5
    3 |     name
      |     ^

Changes of the API since supergraph.graphql:
  breaks Profile  Field 'name' was removed from object type 'User'.

FAIL  1 known operation would break.
`,
  );
});

test('a field that no operation uses may go: exit 0', async () => {
  graph.sdl(USER.replace(' old: String', ''));
  const { code, out } = await runWeft(graph.directory, 'check', ...LIST);
  expect(code).toBe(0);
  expect(out).toMatch(/breaking, no known operation notices {2}Field 'old' was removed/);
});

test('subgraphs that do not compose: exit 1, for check and for compose, and the supergraph stays as it was', async () => {
  graph.sdl('type Query { user: Usr }');
  const check = await runWeft(graph.directory, 'check', ...LIST);
  expect([check.code, check.out]).toEqual([
    1,
    `error INVALID_GRAPHQL  [users] Unknown type Usr
  users.graphql:2:20
    2 | type Query { user: Usr }
      |                    ^

FAIL  1 error.
`,
  ]);
  const compose = await runWeft(graph.directory, 'compose', ...LIST);
  expect([compose.code, compose.out]).toEqual([1, '']);
  expect(compose.progress).toMatch(/users\.graphql:2:20[\s\S]*The supergraph was not written: 1 to cure\.\n$/);
  graph.sdl(USER);
  expect((await runWeft(graph.directory, 'check', ...LIST)).code).toBe(0);
});

test('the base can be what was committed in git, so that composing again hides nothing', async () => {
  const git = (...args: readonly string[]) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t.test', ...args], { cwd: graph.directory });
  git('init', '-q');
  git('add', '.');
  git('commit', '-qm', 'first');
  graph.sdl(USER.replace(' old: String', ''));
  await runWeft(graph.directory, 'compose', ...LIST);
  const { code, out } = await runWeft(graph.directory, 'check', ...LIST, '--base', 'git:HEAD');
  expect(code).toBe(0);
  expect(out).toMatch(/^Changes of the API since git:HEAD:\n {2}breaking, .*'old' was removed/);
  const wrong = await runWeft(graph.directory, 'check', ...LIST, '--base', 'git:nope');
  expect([wrong.code, wrong.progress]).toEqual([
    2,
    expect.stringMatching(/^--base: git does not have supergraph\.graphql at "nope": /),
  ]);
});

test('compose writes to stdout on -, with other addresses', async () => {
  const args = ['compose', ...LIST, '--out', '-', '--urls', 'users=http://127.0.0.1:7/graphql'];
  const { code, out, progress } = await runWeft(graph.directory, ...args);
  expect([code, progress]).toEqual([0, '']);
  expect(out).toMatch(/^schema\n {2}@link[\s\S]*url: "http:\/\/127\.0\.0\.1:7\/graphql"[\s\S]*\}\n$/);
});
