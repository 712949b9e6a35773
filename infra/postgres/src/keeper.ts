/**
 * A process of its own that owns the postmasters and outlives its parent just long enough to end them:
 * its standard input closes when the parent is gone, however it went. Started by keeper-client.ts.
 * Arguments: the folders to remove at the end (a test's).
 */
import { spawn } from 'node:child_process';
import { closeSync, openSync, rmSync } from 'node:fs';
import { eachLine, type KeeperReport, type KeeperRequest, type PostmasterStart } from './keeper-protocol.ts';
import { endPostmaster, isAlive } from './processes.ts';

const postmasters = new Map<string, { readonly pid: number; readonly follows: boolean }>();
const foldersToRemove = process.argv.slice(2);
/** An adopted postmaster is not our child, so its end has to be looked for. */
const ADOPTED_CHECK_MS = 500;
let ending = false;

function report(line: KeeperReport): void {
  if (!ending) process.stdout.write(`${JSON.stringify(line)}\n`);
}

function forget(name: string, pid: number): void {
  if (postmasters.get(name)?.pid !== pid) return;
  postmasters.delete(name);
  report({ exited: name, pid });
}

function start({ name, follows, program, directory, log, uid, gid, env }: PostmasterStart): number {
  const output = openSync(log, 'a', 0o600);
  try {
    const child = spawn(program, ['-D', directory], {
      ...(uid === undefined ? {} : { uid }),
      ...(gid === undefined ? {} : { gid }),
      cwd: directory,
      stdio: ['ignore', output, output],
      env,
    });
    const { pid } = child;
    if (pid === undefined) throw new Error(`${program} could not be started`);
    child.on('exit', () => forget(name, pid));
    postmasters.set(name, { pid, follows });
    return pid;
  } finally {
    closeSync(output);
  }
}

function adopt(name: string, follows: boolean, pid: number): void {
  postmasters.set(name, { pid, follows });
  const timer = setInterval(() => {
    if (isAlive(pid)) return;
    clearInterval(timer);
    forget(name, pid);
  }, ADOPTED_CHECK_MS);
}

/** Replicas first: a primary waits for its replicas when it stops, and a paused one would keep it waiting. */
async function stop(names: readonly string[]): Promise<void> {
  const chosen = names.map((name) => postmasters.get(name)).filter((postmaster) => postmaster !== undefined);
  for (const follows of [true, false]) {
    const group = chosen.filter((postmaster) => postmaster.follows === follows);
    await Promise.all(group.map(({ pid }) => endPostmaster(pid)));
  }
}

async function handle(line: string): Promise<void> {
  const request = JSON.parse(line) as KeeperRequest & { id: number };
  const { id } = request;
  try {
    if (request.do === 'start') report({ id, pid: start(request) });
    else if (request.do === 'adopt') adopt(request.name, request.follows, request.pid);
    else await stop(request.names);
    if (request.do !== 'start') report({ id });
  } catch (error) {
    report({ id, error: error instanceof Error ? error.message : String(error) });
  }
}

async function end(): Promise<void> {
  if (ending) return;
  ending = true;
  await stop([...postmasters.keys()]);
  for (const folder of foldersToRemove) rmSync(folder, { recursive: true, force: true });
  process.exit(0);
}

// Ctrl-C in a terminal is the parent's to answer: it stops what uses the databases first.
for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => {});
process.on('SIGTERM', () => void end());
process.stdout.on('error', () => {});
process.stdin.on(
  'data',
  eachLine((line) => void handle(line)),
);
process.stdin.on('close', () => void end());
process.stdin.on('error', () => void end());
