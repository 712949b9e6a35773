import { enableCompileCache } from 'node:module';
import { environment } from '@weft/config';
import { reportFailure } from '@weft/errors';
import { HELP, readCommandLine } from './command/command-line.ts';
import { whenParentGone } from './command/parent-gone.ts';
import { createProgress } from './command/progress.ts';
import { checkVariables } from './command/variables.ts';
import { COMPILE_CACHE } from './data/clone.ts';
import type { LocalGraph } from './local-graph.ts';

const interrupted = new AbortController();

/** The command `npm start`. Gives the exit code. */
async function main(args: readonly string[]): Promise<number> {
  const command = readCommandLine(args);
  if (command.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const progress = createProgress(process.stderr);
  for (const line of checkVariables(environment())) progress.note(line);
  enableCompileCache(COMPILE_CACHE);
  // Loaded here, so that help and mistakes answer at once.
  const { startLocal, runOnce, welcome } = await import('./command/start.ts');
  const { redis: redisUrl, otlp: otlpUrl, data, help: _, once, ...options } = command;
  const graph = await startLocal({
    ...(data === undefined ? {} : { directory: data }),
    ...{ ...options, redisUrl, otlpUrl, progress },
    console: !once,
    signal: interrupted.signal,
  });
  if (once) {
    try {
      const { answer, account } = await runOnce(graph);
      process.stdout.write(`${answer}\n${account}\n`);
    } finally {
      await graph.stop();
    }
    return 0;
  }
  process.stdout.write(await welcome(graph));
  if (command.port === undefined && !graph.url.includes(':4000/')) {
    progress.note(`\n!! Port 4000 is in use by another program: the gateway is at ${graph.url}\n`);
  }
  await untilInterrupted();
  return await stopWith(graph, progress.note);
}

const untilInterrupted = (): Promise<void> =>
  new Promise((resolve) => {
    if (interrupted.signal.aborted) resolve();
    interrupted.signal.addEventListener('abort', () => resolve(), { once: true });
  });

async function stopWith(graph: LocalGraph, note: (text: string) => void): Promise<number> {
  note('Stopping gateways, workers, subgraphs and Postgres; the data stays.');
  await graph.stop();
  return 0;
}

class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** One Ctrl-C can arrive twice: from the terminal, and passed on by npm. */
const SAME_SIGNAL_MS = 1_000;
let interruptedAt = 0;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    // Asked again: the children hear that we are gone and end by themselves, and so does the keeper of the databases.
    if (interrupted.signal.aborted && performance.now() - interruptedAt > SAME_SIGNAL_MS) process.exit(130);
    interruptedAt ||= performance.now();
    interrupted.abort(new Interrupted(signal));
  });
}
whenParentGone(() => interrupted.abort(new Interrupted('the parent process is gone')));
// A reader that goes away, as in `npm start | head`, must not take the graph down without order.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', () => interrupted.abort(new Interrupted('EPIPE')));

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.exitCode =
    error instanceof Interrupted ? 130 : reportFailure(error, (text) => process.stderr.write(`${text}\n`));
}
// Nothing that is left open may keep the command from ending.
process.exit();
