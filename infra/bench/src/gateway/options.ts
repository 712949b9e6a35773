import { parseArgs } from 'node:util';
import { messageOf, UserError } from '@weft/errors';
import type { AnswerShape } from './canned-answers.ts';
import { RIVALS } from './contenders/index.ts';
import { SCENARIOS } from './scenarios.ts';

export interface GatewayBenchOptions {
  readonly only: readonly string[];
  readonly rivals: readonly string[];
  readonly engine: string | undefined;
  readonly config: string | undefined;
  readonly shape: AnswerShape;
  readonly latency: boolean;
  readonly profile: boolean;
  readonly rounds: number;
  /** CPU seconds that one round should take of a gateway: the kernel counts hundredths. */
  readonly roundSeconds: number;
  readonly connections: number;
  readonly json: string | undefined;
}

const names = (list: readonly { readonly name: string }[]): string => list.map(({ name }) => name).join(', ');

export const HELP = `pnpm bench gateway: our gateway against rivals, in one run, on the same subgraphs.

  --only NAME,..     scenarios (${names(SCENARIOS)})
  --rivals NAME,..   whom to compare with (${names(RIVALS)}), or none
  --engine NAME      engine of our gateway; absent: the one it ships with
  --config FILE      YAML that is added to the configuration of our gateway
  --shape SHAPE      subgraph answers: compact, or shuffled (indented, fields in any order)
  --latency          p50 and p99 at 70 % of each gateway's own capacity, open loop
  --profile          the engine's share of our CPU, by a profile of the first scenario
  --rounds N         rounds of each gateway and scenario, interleaved (5)
  --seconds N        CPU seconds of a gateway in one round (2)
  --connections N    connections of the closed loop (50)
  --quick            2 rounds of half a second
  --json FILE        write every figure and ratio by name`;

export function readOptions(words: readonly string[]): GatewayBenchOptions | 'help' {
  const values = parse(words);
  if (values.help === true) return 'help';
  const count = (name: 'rounds' | 'seconds' | 'connections', whenQuick: number, usual: number): number => {
    const text = values[name];
    if (text === undefined) return values.quick === true ? whenQuick : usual;
    if (!(Number(text) > 0)) throw new UserError(`--${name} takes a number above 0, not "${text}".`);
    return Number(text);
  };
  const { shape = 'compact' } = values;
  if (shape !== 'compact' && shape !== 'shuffled')
    throw new UserError(`--shape is compact or shuffled, not "${shape}".`);
  return {
    only: listOf('only', values.only, SCENARIOS),
    rivals: values.rivals === 'none' ? [] : listOf('rivals', values.rivals, RIVALS),
    engine: values.engine,
    config: values.config,
    shape,
    latency: values.latency === true,
    profile: values.profile === true,
    rounds: Math.ceil(count('rounds', 2, 5)),
    roundSeconds: count('seconds', 0.5, 2),
    connections: Math.ceil(count('connections', 50, 50)),
    json: values.json,
  };
}

function parse(words: readonly string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  try {
    return parseArgs({
      args: [...words],
      options: {
        ...{ only: text, rivals: text, engine: text, config: text, shape: text, json: text },
        ...{ rounds: text, seconds: text, connections: text },
        ...{ latency: flag, profile: flag, quick: flag },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new UserError(`${messageOf(error)}\n\n${HELP}`);
  }
}

function listOf(option: string, text: string | undefined, known: readonly { readonly name: string }[]): string[] {
  const asked = text === undefined ? known.map(({ name }) => name) : text.split(',').filter((name) => name !== '');
  const unknown = asked.find((name) => !known.some((one) => one.name === name));
  if (unknown !== undefined) throw new UserError(`--${option} knows ${names(known)}; not "${unknown}".`);
  return asked;
}
