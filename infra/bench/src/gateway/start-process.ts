import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { environment } from '@weft/config';

const TASKSET = '/usr/bin/taskset';
/** A busy machine is waited for. */
const START_TIMEOUT_MS = 180_000;
const LOOK_EVERY_MS = 250;
const SHOWN_LINES = 15;

export interface ProcessPlan {
  readonly name: string;
  readonly command: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly directory: string;
  /** The core that it has to live on; gateways have one, everything else the other. */
  readonly core: number;
  /** Asks until the process serves; undefined: it says so itself by a message. */
  readonly isReady?: () => Promise<boolean>;
}

export interface BenchProcess {
  readonly name: string;
  readonly pid: number;
  readonly child: ChildProcess;
  /** What it said when it was ready. */
  readonly greeting: unknown;
  stop(): Promise<void>;
}

const alive = new Set<ChildProcess>();
// whatever ends the bench ends what it started
process.on('exit', () => {
  for (const child of alive) child.kill('SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

/** One core for the gateway, another for the rest: a Rust gateway would else take both. Undefined where that cannot be had. */
export const canPin = (): boolean => availableParallelism() > 1 && existsSync(TASKSET);

/** Gateways take turns on one core; subgraphs and clients share the other. */
export const GATEWAY_CORE = 0;
export const OTHER_CORE = 1;

/** The clients run in this process. */
export function pinSelf(): void {
  spawnSync(TASKSET, ['-a', '-c', '-p', String(OTHER_CORE), String(process.pid)], { stdio: 'ignore' });
}

export async function startProcess(plan: ProcessPlan): Promise<BenchProcess> {
  const pinned = canPin() ? [TASKSET, '-c', String(plan.core), ...plan.command] : [...plan.command];
  const [program = '', ...args] = pinned;
  const logFile = `${plan.directory}/${plan.name}.log`;
  const log = openSync(logFile, 'a');
  const child = spawn(program, args, {
    cwd: plan.directory,
    env: { ...environment(), NODE_ENV: 'production', ...plan.environment },
    stdio: ['ignore', log, log, 'ipc'],
  });
  closeSync(log);
  alive.add(child);
  child.once('exit', () => alive.delete(child));
  try {
    const greeting = await whenReady(plan, child);
    return { name: plan.name, pid: child.pid ?? 0, child, greeting, stop: () => stop(child) };
  } catch (error) {
    await stop(child);
    const tail = readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-SHOWN_LINES).join('\n');
    throw new Error(`${plan.name} did not start: ${tail}`, { cause: error });
  }
}

async function whenReady({ isReady }: ProcessPlan, child: ChildProcess): Promise<unknown> {
  const ended = new Promise<never>((_, reject) => {
    child.once('exit', (code, signal) => reject(new Error(`it ended with ${code ?? signal}`)));
    child.once('error', reject);
    setTimeout(() => reject(new Error('it was not ready in time')), START_TIMEOUT_MS).unref();
  });
  ended.catch(() => undefined);
  if (isReady === undefined)
    return await Promise.race([ended, new Promise((resolve) => child.once('message', resolve))]);
  const asked = async (): Promise<void> => {
    while (!(await isReady().catch(() => false))) await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  };
  return await Promise.race([ended, asked()]);
}

const PATIENCE_MS = 5_000;

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
  await gone;
  clearTimeout(timer);
}
