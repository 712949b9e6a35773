import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { runWeft, shopGraph } from './run-weft.ts';

/** A pull request with one break, one rule loosened, one worse plan and one loss of caching, through the real command. */
const { directory, users, reviews } = shopGraph();
const LIST = ['--config', 'subgraphs.yaml'];
const read = (file: string) => readFileSync(join(directory, file), 'utf8');
const git = (...args: readonly string[]) =>
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t.test', ...args], {
    cwd: directory,
    encoding: 'utf8',
  });

beforeAll(async () => {
  git('init', '-q', '-b', 'main');
  await runWeft(directory, 'compose', ...LIST);
  git('add', '.');
  git('commit', '-qm', 'first');
  git('checkout', '-qb', 'change');
  users((sdl) => sdl.replace('  old: String\n', '').replace(' @requiresScopes(scopes: [["pii"]])', ''));
  reviews((sdl) =>
    sdl
      .replace(' @provides(fields: "name")', '')
      .replace(' name: String! @external', '')
      .replace('[Review!] @cacheControl(maxAge: 30)', '[Review!]')
      .replace('type Review @cacheControl(maxAge: 30)', 'type Review'),
  );
  await runWeft(directory, 'compose', ...LIST);
  git('commit', '-qam', 'change, with the supergraph composed again');
});
afterAll(() => rmSync(directory, { recursive: true }));

test('composing again in the same change hides nothing: the base is where the branch left main', async () => {
  const outs = ['json', 'github', 'markdown', 'sarif', 'junit'].flatMap((name) => ['--out', `${name}=report.${name}`]);
  const { code, out, progress } = await runWeft(directory, 'check', ...LIST, ...outs);
  expect([code, progress]).toEqual([1, '']);
  const heads = out.split('\n').filter((line) => /^(error|warning|FAIL|PASS)/.test(line));
  expect(heads).toEqual([
    'error OPERATION_BREAKS  Profile: Cannot query field "old" on type "User". Did you mean "id"?',
    'error ACCESS_LOOSENED  User.email was for scopes pii, and is for anybody.',
    'warning PLAN_GETS_WORSE  Latest: the plan has 2 fetches instead of 1, 2 fetches that wait for each other instead of 1, users on its longest path.',
    'warning CACHING_GETS_WORSE  Latest: the answer could be kept 30 s, and cannot be kept at all now: Query.latest.',
    'FAIL  1 known operation would break; 1 error.',
  ]);
  expect(out).toMatch(
    /Changes of the API since supergraph\.graphql of main \([0-9a-f]{8}\):\n {2}breaks Profile {2}Field 'old'/,
  );
  expect(out).toContain('  Review.author was answered by reviews (provides name), and is by reviews.\n');
});

test('annotations stand at their file and line', () => {
  expect(read('report.github').split('\n')).toEqual([
    '::error file=operations/profile.graphql,line=4,col=5,title=OPERATION_BREAKS::Profile: Cannot query field "old" on type "User". Did you mean "id"?',
    expect.stringMatching(
      /^::error file=users\.graphql,line=8,col=3,title=ACCESS_LOOSENED::User\.email was .*%0AIf it is meant: weft approve [0-9a-f]{16} /,
    ),
    expect.stringMatching(
      /^::warning file=operations\/latest\.graphql,line=1,col=1,title=PLAN_GETS_WORSE::Latest: .*%0Abefore reviews%0Aafter {2}reviews > users\(latest\.@\.author\)$/,
    ),
    expect.stringMatching(
      /^::warning file=operations\/latest\.graphql,line=1,col=1,title=CACHING_GETS_WORSE::Latest: /,
    ),
    'FAIL  1 known operation would break; 1 error.',
    '',
  ]);
});

test('the comment has its mark first, and a row for each thing', () => {
  const text = read('report.markdown');
  expect(text.startsWith('<!-- weft check -->\n### Schema check: failed\n')).toBe(true);
  expect(
    [...text.matchAll(/^\| (\w\d?) \| `(\w+)` \| (.*?) \|/gm)].map(([, rule, name, who]) => [rule, name, who]),
  ).toEqual([
    ['A', 'OPERATION_BREAKS', '`Profile`'],
    ['E1', 'ACCESS_LOOSENED', ''],
    ['D1', 'PLAN_GETS_WORSE', '`Latest`'],
    ['D2', 'CACHING_GETS_WORSE', '`Latest`'],
  ]);
});

test('SARIF has rule, level, place and fingerprint of each', () => {
  const { version, runs } = JSON.parse(read('report.sarif'));
  expect([version, runs.length, runs[0].invocations[0].exitCode]).toEqual(['2.1.0', 1, 1]);
  const [broken, loosened] = runs[0].results;
  expect(broken).toMatchObject({
    ruleId: 'OPERATION_BREAKS',
    level: 'error',
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: 'operations/profile.graphql' },
          region: { startLine: 4, startColumn: 5 },
        },
      },
    ],
  });
  expect(loosened.partialFingerprints['weft/v1']).toMatch(/^[0-9a-f]{16}$/);
  expect(runs[0].tool.driver.rules[broken.ruleIndex].id).toBe('OPERATION_BREAKS');
});

test('JUnit has a case for each operation, and fails those that break', () => {
  const text = read('report.junit');
  expect(
    [...text.matchAll(/<testcase name="([^"]*)" classname="(\w+)"/g)].map(([, name, group]) => [group, name]),
  ).toEqual([
    ['supergraph', 'users, reviews compose and load'],
    ['exposure', 'ACCESS_LOOSENED User.email'],
    ['operations', 'Latest'],
    ['operations', 'Profile'],
  ]);
  expect(text).toContain('<testsuites name="weft check" tests="4" failures="2">');
  expect([...text.matchAll(/<failure type="(\w+)"/g)].map(([, type]) => type)).toEqual([
    'ACCESS_LOOSENED',
    'OPERATION_BREAKS',
  ]);
});

test('JSON is whole: version, rules, places, what is known of use', () => {
  const report = JSON.parse(read('report.json'));
  expect(report).toMatchObject({
    version: 1,
    result: 'fail',
    otherwise: 'unused',
    usage: null,
    subgraphs: ['users', 'reviews'],
  });
  expect(report.operations[1]).toEqual({
    name: 'Profile',
    file: 'operations/profile.graphql',
    line: 1,
    result: 'breaks',
    use: 'used',
    clients: [],
    lastSeen: null,
  });
  expect(report.changes[0]).toMatchObject({
    rule: 'A',
    coordinate: 'User.old',
    breaks: ['Profile'],
    places: [{ file: 'users.graphql', line: 9 }],
  });
});

test('one subgraph can be checked alone, the others as they are out now; or by an SDL from stdin', async () => {
  const alone = await runWeft(directory, 'check', 'reviews', ...LIST);
  expect([alone.code, alone.out]).toEqual([
    0,
    expect.stringMatching(/PLAN_GETS_WORSE[\s\S]*\nPASS .*; 2 warnings\.\n$/),
  ]);
  expect((await runWeft(directory, 'check', 'reviews', ...LIST, '--strict')).code).toBe(1);
  const piped = await runWeft(directory, { stdin: 'type Query { latest: Nope }' }, 'check', 'reviews=-', ...LIST);
  expect([piped.code, piped.out]).toEqual([
    1,
    expect.stringMatching(/^error INVALID_GRAPHQL {2}\[reviews\] Unknown type Nope\n {2}stdin:1:22\n/),
  ]);
});

test('an approval turns the loosened rule green on the next run, with who and why in the report', async () => {
  const [fingerprint = ''] = /(?<=weft approve )[0-9a-f]{16}/.exec(read('report.github')) ?? [];
  const said = await runWeft(
    directory,
    'approve',
    fingerprint,
    '--reason',
    'public now',
    '--until',
    '7d',
    '--by',
    'ana',
    ...LIST,
  );
  expect([said.code, said.progress]).toEqual([0, 'approvals.yaml is written; commit it.\n']);
  users((sdl) => sdl.replace('  email: String\n', '  email: String\n  old: String\n'));
  const { code, out } = await runWeft(directory, 'check', ...LIST);
  expect([code, out]).toEqual([
    0,
    expect.stringMatching(/note ACCESS_LOOSENED .*\n {2}approved by ana until 20\d\d-.*: public now\n/),
  ]);
});

test('usage tells who sends an operation; where its coverage is bad nobody knows who uses what is removed', async () => {
  const window = (hoursReported: number) => ({
    version: 1,
    from: '2026-11-01T00:00:00Z',
    to: '2026-11-21T00:00:00Z',
    hours: 480,
    hoursReported,
  });
  const row = {
    name: 'Mail',
    body: 'query Mail { user(id: 1) { email } }',
    client: 'ios',
    clientVersion: '3.1',
    count: 40,
    lastSeen: '2026-11-20T00:00:00Z',
  };
  const usage = (hours: number) =>
    writeFileSync(join(directory, 'usage.ndjson'), [window(hours), row].map((line) => JSON.stringify(line)).join('\n'));
  users((sdl) => sdl.replace('  email: String\n', ''));
  usage(480);
  const seen = await runWeft(directory, 'check', ...LIST);
  expect([seen.code, seen.out]).toEqual([
    1,
    expect.stringMatching(
      /^error OPERATION_BREAKS {2}Mail: Cannot query field "email" on type "User"\.\n {2}sent by ios 3\.1; last seen 2026-11-20T00:00:00Z\n {2}usage\.ndjson:2:1\n/,
    ),
  ]);
  const old = await runWeft(directory, 'check', ...LIST, '--since', '12h');
  expect(old.code).toBe(0);
  usage(100);
  const unknown = await runWeft(directory, 'check', ...LIST, '--since', '12h', '--format', 'json');
  expect([unknown.code, JSON.parse(unknown.out).otherwise]).toEqual([1, 'unknown']);
});
