import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { runWeft } from './run-weft.ts';

/** A repository that is not ours: two SDL files in folders of their own, a file of operations, and no server. */
const directory = mkdtempSync(join(tmpdir(), 'weft-init-'));
const write = (file: string, text: string) => writeFileSync(join(directory, file), text);
const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])\n';
mkdirSync(join(directory, 'services/UserProfiles'), { recursive: true });
mkdirSync(join(directory, 'web'));
write(
  'services/UserProfiles/schema.graphql',
  `${LINK}type Query { me: User }\ntype User @key(fields: "id") { id: ID! name: String }\n`,
);
write(
  'services/posts.graphql',
  `${LINK}type Query { posts: [Post!] }\ntype Post { text: String by: User }\ntype User @key(fields: "id") { id: ID! posts: [Post!] }\n`,
);
write('web/me.graphql', 'query Me { me { name } }\n');
afterAll(() => rmSync(directory, { recursive: true }));

test('a new user with two SDL files and no server: init, commit, change, check', async () => {
  const { code, out, progress } = await runWeft(directory, 'init');
  expect([code, progress]).toEqual([0, 'schema/supergraph.graphql is written.\n']);
  expect(out.split('\n').slice(0, 3)).toEqual([
    'schema/subgraphs.yaml is written:',
    '  user-profiles  ../services/UserProfiles/schema.graphql  http://127.0.0.1:4001/graphql',
    '  posts  ../services/posts.graphql  http://127.0.0.1:4002/graphql',
  ]);
  expect(readFileSync(join(directory, 'schema/subgraphs.yaml'), 'utf8').split('\n').slice(1, 5)).toEqual([
    'subgraphs:',
    '  user-profiles:',
    '    schema: ../services/UserProfiles/schema.graphql',
    '    url: http://127.0.0.1:4001/graphql',
  ]);
  const git = (...args: readonly string[]) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t.test', ...args], { cwd: directory });
  git('init', '-q', '-b', 'main');
  git('add', '.');
  git('commit', '-qm', 'first');
  write(
    'services/UserProfiles/schema.graphql',
    `${LINK}type Query { me: User }\ntype User @key(fields: "id") { id: ID! }\n`,
  );
  const unknown = await runWeft(directory, 'check');
  expect([unknown.code, unknown.out.split('\n')[0]]).toEqual([
    1,
    "error USE_UNKNOWN  Field 'name' was removed from object type 'User', and it is not known who uses it.",
  ]);
  const known = await runWeft(directory, 'check', '--operations', 'web');
  expect([known.code, known.out]).toEqual([
    1,
    expect.stringMatching(/^error OPERATION_BREAKS {2}Me: .*\n {2}web\/me\.graphql:1:17\n/),
  ]);
});

test('what is there is not written over', async () => {
  const { code, out, progress } = await runWeft(directory, 'init');
  expect([code, out, progress]).toEqual([2, '', 'weft init: schema/subgraphs.yaml is there already.\n']);
});

test('the subgraphs of a supergraph that was composed elsewhere', async () => {
  const config = ['--config', 'theirs/subgraphs.yaml'];
  const { code, progress } = await runWeft(directory, 'init', '--supergraph', 'schema/supergraph.graphql', ...config);
  expect([code, progress]).toEqual([0, 'theirs/supergraph.graphql is written.\n']);
  expect(readFileSync(join(directory, 'theirs/subgraphs/posts.graphql'), 'utf8')).toContain('posts: [Post!]');
  const check = await runWeft(directory, 'check', ...config);
  expect([check.code, check.out]).toEqual([0, expect.stringMatching(/^PASS {2}2 subgraphs compose/)]);
});

test('where nothing is found, or two files would have one name, it says so', async () => {
  const none = await runWeft(directory, 'init', 'web', '--config', 'x/subgraphs.yaml');
  expect([none.code, none.progress]).toEqual([2, expect.stringMatching(/^weft init: no SDL was found\. /)]);
  const twice = await runWeft(directory, 'init', 'services', 'services/posts.graphql', '--config', 'x/subgraphs.yaml');
  expect([twice.code, twice.progress]).toEqual([
    2,
    expect.stringMatching(/would both be the subgraph posts\. Name the files/),
  ]);
});
