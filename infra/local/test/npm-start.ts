import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { waitFor } from '@weft/testing';
import { CLONE, inClone } from '../src/data/clone.ts';

/** A running `npm start`, without the installation that comes before it. */
export interface NpmStart {
  readonly child: ChildProcess;
  readonly pid: number;
  /** What it said so far. */
  stdout(): string;
  stderr(): string;
  /** Resolves with the address of the first gateway when it serves. */
  served(): Promise<string>;
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
}

/** Two cores, a dozen processes, and other tests beside them. */
const START_TIMEOUT_MS = 100_000;

/** The command of package.json's "start", behind its installation. */
export async function startCommand(): Promise<string> {
  const { scripts } = JSON.parse(await readFile(inClone('package.json'), 'utf8')) as { scripts: { start: string } };
  const [, command = ''] = scripts.start.split(' && ');
  return command;
}

/** Runs the very command of package.json's "start", behind its `npm run -s setup`. */
export const npmStart = (...args: string[]): Promise<NpmStart> => npmStartIn('', ...args);

/** The same behind a line of shell, which prepares what the command finds. */
export async function npmStartIn(prepare: string, ...args: string[]): Promise<NpmStart> {
  const script = `${prepare}${await startCommand()} "$@"`;
  // With a line before it in a mount namespace of its own: a file system that is mounted there goes with the command.
  const shell = prepare === '' ? ['sh'] : ['unshare', '-m', 'sh'];
  return startedBy([...shell, '-c', script, 'npm-start', ...args]);
}

/** Runs any line that ends in the command, and follows what it says. */
export function startedBy([program = '', ...args]: readonly string[], directory: string = CLONE): NpmStart {
  const child = spawn(program, args, { cwd: directory, stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) child[name].on('data', (text: Buffer) => (said[name] += text));
  const ended = new Promise<number | string>((resolve) => {
    child.once('close', (code, signal) => resolve(code ?? signal ?? 'unknown'));
  });
  let over = false;
  void ended.then(() => {
    over = true;
  });
  const address = (): string | undefined => /GraphQL +(http:\S+)[\s\S]*\ncurl /.exec(said.stdout)?.[1];
  return {
    child,
    pid: child.pid ?? 0,
    stdout: () => said.stdout,
    stderr: () => said.stderr,
    ended,
    served: async () => {
      await waitFor(() => over || address(), { what: 'the address of the gateway', timeoutMs: START_TIMEOUT_MS });
      const url = address();
      if (url === undefined) throw new Error(`npm start ended before it served:\n${said.stdout}\n${said.stderr}`);
      return url;
    },
  };
}

/** The token that `npm start` prints. */
export const tokenIn = (text: string): string => /^TOKEN=(\S+)$/m.exec(text)?.[1] ?? '';

export interface Answer {
  readonly status: number;
  readonly data?: Record<string, never> | null;
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[];
}

/** Sends one operation. Rejects when nothing answers. */
export async function ask(
  url: string,
  query: string,
  { token, variables }: { readonly token?: string; readonly variables?: object } = {},
): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
    body: JSON.stringify({ query, variables }),
  });
  return { status: response.status, ...((await response.json()) as object) };
}
