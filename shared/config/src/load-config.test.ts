import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, expect, test } from '@jest/globals';
import { UserError } from '@weft/errors';
import { z } from 'zod';
import { httpUrl, redisUrl } from './addresses.ts';
import { existingFile } from './existing-file.ts';
import { loadConfig } from './load-config.ts';
import { byteSize, duration } from './measures.ts';
import { Secret, secret, secretList } from './secret.ts';

const directory = mkdtempSync(join(tmpdir(), 'weft-config-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const schema = z.strictObject({
  port: z.int().min(0).max(65_535).default(4_000),
  mode: z.enum(['development', 'production']).default('production'),
  introspection: z.boolean().default(false),
  origins: z.array(z.string()).default([]),
  traffic: z
    .strictObject({
      timeout: duration('5s', { max: '1m' }),
      maxAnswer: byteSize('8MiB'),
      attempts: z.int().min(1).default(2),
    })
    .prefault({}),
  secrets: secretList({ minLength: 8 }).default([]),
  redis: redisUrl().optional(),
});

/** The problems, without the head line. */
function problemsOf(load: () => unknown): string[] {
  try {
    load();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    expect(error.code).toBe('CONFIG_INVALID');
    return error.message
      .split('\n')
      .slice(1)
      .map((line) => line.trim());
  }
  throw new Error('the configuration was taken');
}

const problemsOfText = (text: string, variables: Record<string, string> = {}) =>
  problemsOf(() =>
    loadConfig({
      schema,
      text,
      file: 'gateway.yaml',
      env: { WEFT_PORT: 'port', WEFT_SECRETS: 'secrets' },
      environment: variables,
    }),
  );

test('an empty file gives every default, in milliseconds and bytes', () => {
  expect(loadConfig({ schema, text: '# nothing yet\n', environment: {} })).toEqual({
    port: 4_000,
    mode: 'production',
    introspection: false,
    origins: [],
    traffic: { timeout: 5_000, maxAnswer: 8_388_608, attempts: 2 },
    secrets: [],
  });
});

test('a variable wins over the file, in the type of its key; an empty one counts as not set', () => {
  const env = { PORT: 'port', INTRO: 'introspection', ORIGINS: 'origins', TIMEOUT: 'traffic.timeout', MODE: 'mode' };
  const environment = {
    PORT: '0',
    INTRO: 'true',
    ORIGINS: 'https://a.example, https://b.example',
    TIMEOUT: '250ms',
    MODE: '',
  };
  const text = 'port: 1\nmode: development\ntraffic:\n  timeout: 1s\n  attempts: 3\n';
  expect(loadConfig({ schema, text, env, environment })).toMatchObject({
    port: 0,
    mode: 'development',
    introspection: true,
    origins: ['https://a.example', 'https://b.example'],
    traffic: { timeout: 250, attempts: 3 },
  });
});

test('every problem is listed at once: place, key, what was read, what is allowed', () => {
  const text = [
    'prot: 4000',
    'mode: prod',
    'traffic:',
    '  timeout: 5 parsecs',
    '  maxAnswer: 8',
    '  atempts: 1',
    'origins: [1]',
    'redis: http://u:hunter2@127.0.0.1:6379',
  ].join('\n');
  expect(problemsOfText(text, { WEFT_PORT: '70000' })).toEqual([
    'gateway.yaml:1:1  prot: unknown key; did you mean "port"?',
    'gateway.yaml:2:7  mode: read "prod"; allowed: one of development, production',
    'gateway.yaml:4:12  traffic.timeout: read "5 parsecs"; "parsecs" is not a unit of it; allowed: a length of time with its unit (ms, s, m, h, d), such as 500ms or 5s, at most 1m',
    'gateway.yaml:5:14  traffic.maxAnswer: read 8; the unit is missing; allowed: a size with its unit (B, KiB, MiB, GiB), such as 64KiB or 8MiB',
    'gateway.yaml:6:3  traffic.atempts: unknown key; did you mean "attempts"?',
    'gateway.yaml:7:11  origins.0: read 1; allowed: text',
    'gateway.yaml:8:8  redis: read "http://***@127.0.0.1:6379"; "http" is not the protocol of it; allowed: an address such as redis://127.0.0.1:6379',
    'WEFT_PORT  port: read 70000; allowed: a whole number from 0 to 65535',
  ]);
});

test('a key of another section is recognised, and a key like no other gets the known ones', () => {
  expect(problemsOfText('timeout: 5s')).toEqual([
    'gateway.yaml:1:1  timeout: unknown key; did you mean "traffic.timeout"?',
  ]);
  expect(problemsOfText('traffic: { zebra: 1 }')).toEqual([
    'gateway.yaml:1:12  traffic.zebra: unknown key; known keys: timeout, maxAnswer, attempts',
  ]);
});

test('a section that is not one is named, whatever a variable adds to it', () => {
  const env = { TIMEOUT: 'traffic.timeout' };
  const load = (text: string) =>
    problemsOf(() => loadConfig({ schema, text, file: 'f', env, environment: { TIMEOUT: '1s' } }));
  expect(load('traffic: 5s')).toEqual(['f:1:10  traffic: read "5s"; allowed: keys: timeout, maxAnswer, attempts']);
  expect(load('- a')).toEqual([
    'f:1:1  : read a list; allowed: keys: port, mode, introspection, origins, traffic, secrets, redis',
  ]);
});

test('a missing key says where it can be set', () => {
  const needs = z.strictObject({ database: z.strictObject({ password: secret() }) });
  const load = (text: string) =>
    problemsOf(() => loadConfig({ schema: needs, text, file: 'f', env: { PW: 'database.password' }, environment: {} }));
  const missing = 'missing; allowed: a secret, as text or as file:/absolute/path; set it here or by PW';
  expect(load('database: {}')).toEqual([`f:1:11  database.password: ${missing}`]);
  expect(load('database:\n')).toEqual(['f:1:10  database: read nothing; allowed: keys: password']);
});

test('what is not YAML is told by line and column, without its text', () => {
  const problems = problemsOfText('port: 4000\nsecrets: "hunter2\nmode: [\n');
  expect(problems.length).toBeGreaterThan(0);
  for (const problem of problems) expect(problem).toMatch(/^gateway\.yaml:\d+:\d+ {2}not YAML: /);
  expect(problems.join()).not.toContain('hunter2');
  expect(problemsOfText('port: 1\nport: 2')).toEqual(['gateway.yaml:2:1  not YAML: map keys must be unique']);
  expect(problemsOfText('port: !hunter2 1')).toEqual(['gateway.yaml:1:7  not YAML: unresolved tag']);
});

test('a file that expands without end is refused', () => {
  const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
  for (let n = 1; n < 12; n++)
    lines.push(
      `a${n}: &a${n} [${Array(10)
        .fill(`*a${n - 1}`)
        .join(', ')}]`,
    );
  expect(problemsOfText(lines.join('\n'))).toEqual(['gateway.yaml:1:1  too many aliases']);
});

test('a file that is not there is a user mistake with its name', () => {
  const load = () => loadConfig({ schema, file: join(directory, 'none.yaml') });
  expect(load).toThrow(`The configuration file ${join(directory, 'none.yaml')} cannot be read: there is no such file.`);
});

test('secrets come from text or from a file, and no way of printing shows them', () => {
  const file = join(directory, 'secret');
  writeFileSync(file, 'from-a-file\n');
  const { secrets } = loadConfig({ schema, text: `secrets: [in-the-text, "file:${file}"]`, environment: {} });
  expect(secrets.map((one) => one.reveal())).toEqual(['in-the-text', 'from-a-file']);

  const shown = [
    JSON.stringify({ secrets }),
    inspect(secrets, { showHidden: true, depth: 9 }),
    `${secrets}`,
    String(secrets[0]),
  ];
  expect(shown.join()).not.toMatch(/in-the-text|from-a-file/);
  expect(Object.values(new Secret('x'))).toEqual([]);
});

test('secrets of a variable are split at commas, the current one first', () => {
  const { secrets } = loadConfig({ schema, env: { S: 'secrets' }, environment: { S: 'current-one, former-one' } });
  expect(secrets.map((one) => one.reveal())).toEqual(['current-one', 'former-one']);
});

test('a wrong secret is never printed, wherever it stands', () => {
  const allowed =
    'allowed: secrets of at least 8 characters with commas between or as a list, the current one first, each as text or as file:/absolute/path';
  expect(problemsOfText('secrets: [hunter2]')).toEqual([
    `gateway.yaml:1:10  secrets: read a value that is not shown; number 1: it has only 7 characters; ${allowed}`,
  ]);
  expect(problemsOfText('', { WEFT_SECRETS: 'hunter2,' })).toEqual([
    `WEFT_SECRETS  secrets: read a value that is not shown; number 1: it has only 7 characters; ${allowed}`,
    `WEFT_SECRETS  secrets: read a value that is not shown; number 2: it is empty; ${allowed}`,
  ]);
  expect(problemsOfText('secrets: { a: hunter2 }').join()).not.toContain('hunter2');
  expect(problemsOfText('secret: hunter2')).toEqual(['gateway.yaml:1:1  secret: unknown key; did you mean "secrets"?']);
  expect(problemsOfText('traffic: [hunter2]').join()).not.toContain('hunter2');
});

test('a secret file that cannot be read is named', () => {
  expect(problemsOfText('secrets: "file:/no/such/file"').join()).toContain(
    'number 1: /no/such/file cannot be read (ENOENT)',
  );
  expect(problemsOfText('secrets: "file:relative"').join()).toContain('file:relative is not an absolute path');
});

test('lengths of time and sizes: units, fractions, bounds', () => {
  const read = (piece: z.ZodType<number>, value: unknown) => piece.safeParse(value).data;
  expect(['250ms', '2s', '1.5m', '1h', '1d', ' 5 s '].map((text) => read(duration(), text))).toEqual([
    250, 2_000, 90_000, 3_600_000, 86_400_000, 5_000,
  ]);
  expect(['1B', '64KiB', '0.5MiB', '1GiB'].map((text) => read(byteSize(), text))).toEqual([
    1, 65_536, 524_288, 1_073_741_824,
  ]);
  for (const wrong of ['5', 5, '-1s', '5S', '5 s s', 's', '', null, ['5s'], '1e3ms', '5constructor']) {
    expect([wrong, duration().safeParse(wrong).success]).toEqual([wrong, false]);
  }
  expect(byteSize(undefined, { min: '1KiB', max: '1MiB' }).safeParse('1023B').success).toBe(false);
  expect(byteSize(undefined, { min: '1KiB', max: '1MiB' }).safeParse('1MiB').success).toBe(true);
});

test('addresses: protocol, host, and a user only where one belongs', () => {
  expect(httpUrl().safeParse('http://127.0.0.1:4001/graphql').data).toBe('http://127.0.0.1:4001/graphql');
  expect(redisUrl().safeParse('rediss://:pw@cache.example:6379/2').success).toBe(true);
  for (const wrong of ['http://u:p@h', 'ftp://h', '127.0.0.1:80', 'http://', 7]) {
    expect([wrong, httpUrl().safeParse(wrong).success]).toEqual([wrong, false]);
  }
});

test('a schema that would drop an unknown key in silence is a bug', () => {
  const loose = z.strictObject({ inner: z.object({ a: z.string() }).optional() });
  expect(() => loadConfig({ schema: loose, text: '' })).toThrow('the schema of "inner" must be z.strictObject');
  expect(() => loadConfig({ schema, text: '', env: { X: 'no.such' } })).toThrow('X stands for no.such');
});

test('a variable that nobody reads is refused with the nearest; those of other processes and of Kubernetes are not', () => {
  expect(problemsOfText('', { WEFT_PRT: '1', WEFT_REDIS_UR: 'redis://u:secret@x', WEFT_NO_SUCH_THING: 'x' })).toEqual([
    'WEFT_PRT  unknown variable; did you mean WEFT_PORT?',
    'WEFT_REDIS_UR  unknown variable; did you mean WEFT_REDIS_URL?',
    'WEFT_NO_SUCH_THING  unknown variable; known here: WEFT_PORT, WEFT_SECRETS',
  ]);
  const others = {
    WEFT_FLEET_FILE: 'fleet.json',
    WEFT_GATEWAY_SERVICE_HOST: '10.0.0.1',
    WEFT_GATEWAY_SERVICE_PORT_HTTP: '80',
    WEFT_GATEWAY_PORT: 'tcp://10.0.0.1:80',
    WEFT_GATEWAY_PORT_80_TCP_ADDR: '10.0.0.1',
    OTHER_WEFT_THING: 'x',
  };
  const env = { WEFT_PORT: 'port' };
  expect(loadConfig({ schema, text: '', env, environment: others }).port).toBe(4_000);
});

test('what is wrong in the file is told also where a variable stands over it', () => {
  expect(problemsOfText('mode: production\nport: 99999\n', { WEFT_PORT: '5000' })).toEqual([
    'gateway.yaml:2:7  port: read 99999; allowed: a whole number from 0 to 65535',
  ]);
  // Both: each in its place.
  expect(problemsOfText('port: x\n', { WEFT_PORT: 'y' })).toEqual([
    'gateway.yaml:1:7  port: read "x"; allowed: a whole number from 0 to 65535',
    'WEFT_PORT  port: read "y"; allowed: a whole number from 0 to 65535',
  ]);
});

test('a file that must be there is told with file, line, key and the value that was read', () => {
  const files = z.strictObject({ keys: z.strictObject({ file: existingFile().optional() }).prefault({}) });
  const load = (text: string, environment = {}) =>
    loadConfig({ schema: files, text, file: 'gateway.yaml', env: { WEFT_JWKS_FILE: 'keys.file' }, environment });
  const missing = join(directory, 'missing.json');
  expect(problemsOf(() => load(`keys:\n  file: ${missing}\n`))).toEqual([
    `gateway.yaml:2:9  keys.file: read "${missing}"; there is no such file; allowed: the path of a file that is there`,
  ]);
  expect(problemsOf(() => load('', { WEFT_JWKS_FILE: directory }))).toEqual([
    `WEFT_JWKS_FILE  keys.file: read "${directory}"; that is not a file; allowed: the path of a file that is there`,
  ]);
  const there = join(directory, 'there.json');
  writeFileSync(there, '{}');
  expect(load(`keys:\n  file: ${there}\n`)).toEqual({ keys: { file: there } });
});

test('a variable for what can be a number or a word is read as either', () => {
  const either = z.strictObject({ workers: z.union([z.int().min(1).max(8), z.enum(['auto'])]).optional() });
  const read = (text: string) =>
    loadConfig({ schema: either, env: { WEFT_WORKERS: 'workers' }, environment: { WEFT_WORKERS: text } });
  expect([read('4'), read('auto')]).toEqual([{ workers: 4 }, { workers: 'auto' }]);
  for (const text of ['0', '9', 'many', '1.5']) {
    expect(problemsOf(() => read(text))).toEqual([
      `WEFT_WORKERS  workers: read ${/^\d/.test(text) ? text : `"${text}"`}; allowed: a whole number from 1 to 8, or auto`,
    ]);
  }
});
