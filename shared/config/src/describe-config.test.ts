import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { configTable, describeConfig } from './describe-config.ts';
import { duration } from './measures.ts';
import { secret } from './secret.ts';

const schema = z.strictObject({
  port: z.int().min(0).max(65_535).default(4_000).describe('Where it listens.'),
  traffic: z
    .strictObject({ timeout: duration('5s').describe('Longest wait.'), hosts: z.array(z.string().min(1)).optional() })
    .prefault({})
    .describe('How the gateway calls subgraphs.'),
  password: secret()
    .default(() => {
      throw new Error('never asked');
    })
    .describe('Of the | role.'),
  name: z.string(),
});

test('a row for each key, sections spread out, with its default as it would be written', () => {
  expect(describeConfig(schema, { WEFT_PORT: 'port' })).toEqual([
    {
      key: 'port',
      allowed: 'a whole number from 0 to 65535',
      default: '4000',
      required: false,
      description: 'Where it listens.',
      variable: 'WEFT_PORT',
    },
    {
      key: 'traffic.timeout',
      allowed: 'a length of time with its unit (ms, s, m, h, d), such as 500ms or 5s',
      default: '5s',
      required: false,
      description: 'Longest wait.',
      variable: undefined,
    },
    {
      key: 'traffic.hosts',
      allowed: 'a list, each item text that is not empty',
      default: undefined,
      required: false,
      description: '',
      variable: undefined,
    },
    {
      key: 'password',
      allowed: 'a secret, as text or as file:/absolute/path',
      default: undefined,
      required: false,
      description: 'Of the | role.',
      variable: undefined,
    },
    { key: 'name', allowed: 'text', default: undefined, required: true, description: '', variable: undefined },
  ]);
});

test('the table escapes what would break it', () => {
  const lines = configTable(describeConfig(schema, { WEFT_PORT: 'port' })).split('\n');
  expect(lines[2]).toBe('| `port` | a whole number from 0 to 65535 | `4000` | `WEFT_PORT` | Where it listens. |');
  expect(lines[5]).toBe('| `password` | a secret, as text or as file:/absolute/path | none |  | Of the \\| role. |');
  expect(lines[6]).toBe('| `name` | text | required |  |  |');
});
