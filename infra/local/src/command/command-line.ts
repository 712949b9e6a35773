import { parseArgs } from 'node:util';
import { nearestKey } from '@weft/config';
import { messageOf, UserError } from '@weft/errors';
import type { AcceptedTokens } from '../data/token-issuer.ts';

/** What `npm start` was asked for. */
export interface LocalCommand {
  readonly help: boolean;
  readonly fresh: boolean;
  readonly once: boolean;
  readonly production: boolean;
  readonly demoIssuer?: boolean | undefined;
  readonly accepted?: AcceptedTokens | undefined;
  readonly scale?: number | undefined;
  readonly port?: number | undefined;
  readonly copies: number;
  readonly redis?: string | undefined;
  readonly otlp?: string | undefined;
  readonly data?: string | undefined;
}

const FLAGS = {
  fresh: { type: 'boolean' },
  scale: { type: 'string' },
  once: { type: 'boolean' },
  port: { type: 'string' },
  copies: { type: 'string' },
  production: { type: 'boolean' },
  'demo-issuer': { type: 'boolean' },
  jwks: { type: 'string' },
  issuer: { type: 'string' },
  audience: { type: 'string' },
  redis: { type: 'string' },
  otlp: { type: 'string' },
  data: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

export const HELP = `npm start -- [options]     the whole graph on this machine

  --fresh        remove the data of an earlier start first
  --scale N      size of the data: 1 (the default) is 5,000 users, 2,000 products, 20,000 reviews, 10,000 orders
  --once         run the sample operation over all five subgraphs, print the answer and what it cost, and stop
  --port N       port of the gateway; without it 4000 or the next free one
  --copies N     so many gateways behind one address, and so many processes of each subgraph (1 to 8)
  --production   no console, no introspection, and no demo users
  --demo-issuer  let the demo users ada and grace in, with --production too
  --jwks FILE    accept the tokens of your issuer by its public keys (a JSON Web Key Set), instead of the demo users;
                 together with --issuer TEXT and --audience TEXT, what a token must have as iss and aud
  --redis URL    second level of the caches: redis://127.0.0.1:6379
  --otlp URL     collector that traces are sent to: http://127.0.0.1:4318
  --data DIR     data folder; without it .data in this clone
  --help         this text
`;

/** Reads the arguments of `npm start --`. Throws UserError: what was read, what is allowed. */
export function readCommandLine(args: readonly string[]): LocalCommand {
  const { values, positionals } = parse(args);
  const [word] = positionals;
  if (word !== undefined) throw mistake(`"${word}" is not an option`);
  return {
    help: values.help ?? false,
    fresh: values.fresh ?? false,
    once: values.once ?? false,
    production: values.production ?? false,
    ...readTokens(values),
    scale: number('scale', values.scale, { least: 0.001, most: 1_000, whole: false }),
    port: number('port', values.port, { least: 1, most: 65_535, whole: true }),
    copies: number('copies', values.copies, { least: 1, most: 8, whole: true }) ?? 1,
    redis: url('redis', values.redis, ['redis:', 'rediss:']),
    otlp: url('otlp', values.otlp, ['http:', 'https:']),
    data: path('data', values.data),
  };
}

/** Whose tokens are accepted. `--once` asks as ada, so it needs the demo users. */
function readTokens(values: ReturnType<typeof parse>['values']): Pick<LocalCommand, 'demoIssuer' | 'accepted'> {
  const { jwks: jwksFile, issuer, audience, 'demo-issuer': demoIssuer, production, once } = values;
  if (!jwksFile && !issuer && !audience) {
    if (once && production && !demoIssuer)
      throw mistake('--once asks as a demo user, and --production lets none in; add --demo-issuer');
    return { demoIssuer };
  }
  if (!jwksFile || !issuer || !audience) throw mistake('--jwks FILE, --issuer TEXT and --audience TEXT go together');
  if (demoIssuer) throw mistake('--demo-issuer and --jwks exclude each other: there is one issuer');
  if (once) throw mistake('--once asks as a demo user; leave --jwks out');
  return { accepted: { jwksFile, issuer, audience } };
}

function parse(args: readonly string[]) {
  const unknown = args
    .filter((arg) => arg.startsWith('--') && arg.length > 2)
    .map((arg) => arg.slice(2).split('=')[0] ?? '')
    .find((flag) => !Object.hasOwn(FLAGS, flag));
  if (unknown !== undefined) {
    const near = nearestKey(unknown, Object.keys(FLAGS), []);
    throw mistake(`unknown option --${unknown}${near === undefined ? '' : `; did you mean --${near}?`}`);
  }
  try {
    return parseArgs({ args: valuesJoined(args), options: FLAGS, allowPositionals: true, strict: true });
  } catch (error) {
    throw mistake(messageOf(error).replace(/\.? To specify.*$/s, ''));
  }
}

/** `--scale -1` as `--scale=-1`, and a flag that ends the line as one with an empty value: each is then told by its flag. */
function valuesJoined(args: readonly string[]): string[] {
  const joined: string[] = [];
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index] ?? '';
    const next = args[index + 1];
    if (!takesValue(arg)) joined.push(arg);
    else if (next !== undefined && !next.startsWith('--')) {
      joined.push(`${arg}=${next}`);
      index += 1;
    } else joined.push(`${arg}=`);
  }
  return joined;
}

function takesValue(arg: string): boolean {
  const flag = arg.slice(2);
  return arg.startsWith('--') && Object.hasOwn(FLAGS, flag) && FLAGS[flag as keyof typeof FLAGS].type === 'string';
}

function number(
  flag: string,
  text: string | undefined,
  { least, most, whole }: { readonly least: number; readonly most: number; readonly whole: boolean },
): number | undefined {
  if (text === undefined) return undefined;
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (value >= least && value <= most && (!whole || Number.isInteger(value))) return value;
  throw notAllowed(flag, text, `a ${whole ? 'whole ' : ''}number from ${least} to ${most}`);
}

function url(flag: string, text: string | undefined, protocols: readonly string[]): string | undefined {
  if (text === undefined) return undefined;
  if (protocols.includes(URL.parse(text)?.protocol ?? '')) return text;
  throw notAllowed(flag, text, `an address that starts with ${protocols.join('// or ')}//`);
}

function path(flag: string, text: string | undefined): string | undefined {
  if (text === '') throw notAllowed(flag, text, 'a path');
  return text;
}

const notAllowed = (flag: string, text: string, allowed: string): UserError =>
  mistake(`--${flag}: read ${text === '' ? 'nothing' : `"${text}"`}, allowed is ${allowed}`);

const mistake = (what: string): UserError =>
  new UserError(`npm start: ${what}${/[.?]$/.test(what) ? '' : '.'} See npm start -- --help.`);
