import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { findTool } from './tools.ts';
import { waitFor } from './wait-for.ts';

/** A real Redis of a test's own. It keeps nothing on disk, so after `kill` and `start` it is empty. */
export interface RedisServer {
  readonly url: string;
  readonly port: number;
  /** SIGKILL: connections are reset. */
  kill(): Promise<void>;
  /** After `kill`; on the same port. */
  start(): Promise<void>;
  /** SIGSTOP: connections stay, nothing is answered. */
  pause(): void;
  /** After `pause`. */
  resume(): void;
  /** Sends one command and gives the raw reply, to look at or to spoil what is stored. */
  command(...words: readonly string[]): Promise<string>;
  stop(): Promise<void>;
}

export interface RedisOptions {
  /** More `redis-server` arguments: `['--maxmemory', '1mb']`. */
  readonly arguments?: readonly string[];
}

/** Throws when redis-server is missing: ask `hasRedis()` first. */
export async function startRedis(options: RedisOptions = {}): Promise<RedisServer> {
  const program = findTool('redis-server', 'redis-server');
  if (program === undefined) throw new Error('redis-server is not installed');
  const port = await freePort();
  const directory = mkdtempSync(join(tmpdir(), 'weft-redis-'));
  let server: ChildProcess | undefined;
  const killNow = (): void => void server?.kill('SIGKILL');
  process.once('exit', killNow);

  const start = async (): Promise<void> => {
    const settings = [
      '--port',
      `${port}`,
      '--bind',
      '127.0.0.1',
      '--save',
      '',
      '--appendonly',
      'no',
      '--dir',
      directory,
    ];
    const started = spawn(program, [...settings, ...(options.arguments ?? [])], { stdio: 'ignore' });
    server = started;
    await waitFor(
      async () => {
        if (started.exitCode !== null) throw new Error(`redis-server ended with ${started.exitCode}`);
        return (await command(port, ['PING'])) === '+PONG\r\n';
      },
      { what: 'redis-server to answer' },
    );
  };
  const kill = async (): Promise<void> => {
    const running = server;
    if (running === undefined || running.exitCode !== null || running.signalCode !== null) return;
    const ended = once(running, 'exit');
    running.kill('SIGKILL');
    await ended;
  };
  await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    kill,
    start,
    pause: () => void server?.kill('SIGSTOP'),
    resume: () => void server?.kill('SIGCONT'),
    command: (...words) => command(port, words),
    async stop() {
      await kill();
      process.off('exit', killNow);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** One command on a connection of its own (RESP: an array of bulk strings); the reply is what came until the connection was closed. */
async function command(port: number, words: readonly string[]): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.setEncoding('utf8');
  const encode = (all: readonly string[]) =>
    `*${all.length}\r\n${all.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;
  socket.end(encode(words) + encode(['QUIT']));
  let reply = '';
  for await (const text of socket) reply += text;
  return reply.replace(/\+OK\r\n$/, '');
}
