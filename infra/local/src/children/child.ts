import { type ChildProcess, fork } from 'node:child_process';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { UserError } from '@weft/errors';
import { CLONE } from '../data/clone.ts';

export type ChildKind = 'gateway' | 'worker' | 'subgraph';

/** One process of the graph, as it is to be started; again after a crash. */
export interface ChildPlan {
  /** `reviews`, `reviews-2`, `reviews-worker`, `gateway`: also the name of its log. */
  readonly name: string;
  readonly kind: ChildKind;
  /** What it is a copy of: the subgraph's name, or `gateway`. */
  readonly of: string;
  readonly program: string;
  readonly log: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Where its metrics are when not beside all else: http://127.0.0.1:15001, without a path. */
  readonly metricsUrl?: string | undefined;
  /** Connections to an address that it shares with others are handed to it. */
  readonly sharesAddress?: boolean;
}

/** A child that said where it listens. */
export interface RunningChild {
  readonly process: ChildProcess;
  readonly url: string;
}

/** Why a child ended before it served. */
export class ChildStartError extends UserError {
  readonly portTaken: boolean;
  constructor(plan: ChildPlan, how: string) {
    const lines = lastLines(plan.log);
    super(
      `${plan.name} did not start (${how}). Its log, ${plan.log}, ends with:\n${lines.map((line) => `  ${line}`).join('\n')}`,
      { exitCode: 1 },
    );
    this.portTaken = lines.some((line) => /port is in use|EADDRINUSE/.test(line));
  }
}

const SHOWN_LINES = 5;
/** Six processes load at once on two cores; a machine that is busy besides is still waited for. */
const START_TIMEOUT_MS = 120_000;
const EXTENSION = import.meta.url.slice(-3);

/**
 * Starts a child with an IPC channel, by which it says that it listens and hears that we are gone. It has a session of
 * its own: Ctrl-C in the terminal reaches us alone, and we stop the children in order.
 */
export function launch(plan: ChildPlan): { readonly process: ChildProcess; readonly ready: Promise<RunningChild> } {
  const output = openSync(plan.log, 'a');
  const child = fork(plan.program, [], {
    cwd: CLONE,
    env: plan.environment,
    detached: true,
    execArgv: [
      '--conditions=weft-source',
      '--disable-warning=ExperimentalWarning',
      `--import=${new URL(`./follow-parent${EXTENSION}`, import.meta.url).href}`,
    ],
    stdio: ['ignore', output, output, 'ipc'],
  });
  closeSync(output);
  return { process: child, ready: whenListening(plan, child) };
}

function whenListening(plan: ChildPlan, child: ChildProcess): Promise<RunningChild> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new ChildStartError(plan, `it was not ready within ${START_TIMEOUT_MS / 1_000} s`));
    }, START_TIMEOUT_MS);
    child.on('message', (message: unknown) => {
      if (!isListening(message)) return;
      clearTimeout(timer);
      resolve({ process: child, url: message.url });
    });
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      reject(new ChildStartError(plan, signal ? `signal ${signal}` : `exit code ${code}`));
    });
  });
}

const isListening = (message: unknown): message is { type: 'listening'; url: string } =>
  typeof message === 'object' && message !== null && 'type' in message && message.type === 'listening';

/** Begins a log anew; the children of one `npm start` append to it. */
export function beginLog(file: string): void {
  writeFileSync(file, '');
}

function lastLines(file: string): string[] {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  return lines.slice(-SHOWN_LINES).map(readable);
}

/** Our processes log JSON; a person wants the message. */
function readable(line: string): string {
  try {
    const { msg, error, err } = JSON.parse(line) as {
      msg?: string;
      error?: { message?: string };
      err?: { message?: string };
    };
    return [msg, error?.message ?? err?.message].filter((text) => text !== undefined).join(' ') || line;
  } catch {
    return line;
  }
}
