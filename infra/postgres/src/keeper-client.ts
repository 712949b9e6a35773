import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { eachLine, type KeeperReport, type KeeperRequest, type PostmasterStart } from './keeper-protocol.ts';

/** The parent's end of a keeper process. */
export interface Keeper {
  readonly pid: number;
  start(postmaster: PostmasterStart): Promise<number>;
  adopt(postmaster: { readonly name: string; readonly follows: boolean; readonly pid: number }): Promise<void>;
  stop(names: readonly string[]): Promise<void>;
  /** Ends every postmaster and the keeper itself. */
  end(): Promise<void>;
}

export interface KeeperOptions {
  /** A postmaster ended; asked for or not. */
  readonly onExit: (name: string, pid: number) => void;
  /** The keeper itself was ended by someone else; its postmasters still run. */
  readonly onLost: () => void;
  /** Removed by the keeper at its very end. */
  readonly foldersToRemove: readonly string[];
}

/** The keeper itself gives two rounds of servers fifteen seconds each. */
const END_TIMEOUT_MS = 35_000;

type Waiting = { resolve(pid: number): void; reject(error: Error): void };

/** Starts a keeper. It has a session of its own, so that Ctrl-C in the terminal does not reach it or its postmasters. */
export function startKeeper({ onExit, onLost, foldersToRemove }: KeeperOptions): Keeper {
  // The same code runs from src (.ts) and from dist (.js).
  const program = fileURLToPath(new URL(`./keeper${import.meta.url.slice(-3)}`, import.meta.url));
  const child: ChildProcess = spawn(process.execPath, [program, ...foldersToRemove], {
    detached: true,
    cwd: '/',
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  let ending = false;

  const gone = new Promise<void>((resolve) => {
    const onGone = (error: Error) => {
      for (const { reject } of waiting.values()) reject(error);
      waiting.clear();
      resolve();
      if (!ending) onLost();
      ending = true;
    };
    child.once('exit', () => onGone(new Error('the keeper of the databases has ended')));
    child.once('error', onGone);
  });
  child.stdin?.on('error', () => {}); // told by 'exit'
  child.stdout?.on(
    'data',
    eachLine((line) => {
      const report = JSON.parse(line) as KeeperReport;
      if ('exited' in report) return onExit(report.exited, report.pid);
      const answer = waiting.get(report.id);
      waiting.delete(report.id);
      if (report.error !== undefined) answer?.reject(new Error(report.error));
      else answer?.resolve(report.pid ?? 0);
    }),
  );

  const ask = (request: KeeperRequest): Promise<number> =>
    new Promise((resolve, reject) => {
      if (ending) return reject(new Error('the keeper of the databases has ended'));
      lastId += 1;
      waiting.set(lastId, { resolve, reject });
      child.stdin?.write(`${JSON.stringify({ id: lastId, ...request })}\n`);
    });

  return {
    pid: child.pid ?? 0,
    start: (postmaster) => ask({ do: 'start', ...postmaster }),
    adopt: async (postmaster) => void (await ask({ do: 'adopt', ...postmaster })),
    stop: async (names) => void (await ask({ do: 'stop', names })),
    end: async () => {
      ending = true;
      child.stdin?.end();
      // One that hangs is ended; who asked then looks after the servers that are left.
      const timer = setTimeout(() => child.kill('SIGKILL'), END_TIMEOUT_MS);
      await gone;
      clearTimeout(timer);
    },
  };
}
