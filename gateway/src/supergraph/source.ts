import { readFile } from 'node:fs/promises';
import { isGraphError, messageOf, UserError } from '@weft/errors';
import { METRICS, type Telemetry } from '@weft/telemetry';
import { watchFile } from '../watched-file.ts';
import { createGenerations, type Generation, type Generations } from './generations.ts';

export interface SupergraphSourceOptions<G extends Generation> {
  readonly file: string;
  readonly pollMs: number;
  readonly telemetry: Telemetry;
  /** Builds a whole generation off to the side; what it throws refuses the supergraph. */
  readonly build: (sdl: string) => Promise<G>;
  /** Makes a generation ready for what the one before is asked; then they are swapped. Never rejects. */
  readonly prepare: (next: G, before: G) => Promise<void>;
  readonly onStopped: () => void;
}

export interface SupergraphSource<G extends Generation> {
  readonly generations: Generations<G>;
  /** Looks at the file now; resolves when a change has been taken or refused. */
  reload(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Serves the supergraph of a file, and every later one that can be served.
 *
 * @throws UserError when the first one cannot be.
 */
export async function openSupergraph<G extends Generation>(
  options: SupergraphSourceOptions<G>,
): Promise<SupergraphSource<G>> {
  const { file, telemetry } = options;
  const { log } = telemetry;
  const swaps = telemetry.counter(METRICS.gateway_supergraph_swaps_total);
  const sdl = await readFirst(file);
  const first = await options.build(sdl).catch((error: unknown) => {
    throw new UserError(`${file}: ${messageOf(error)}`, { cause: error });
  });
  const generations = createGenerations(first, (generation, error) => {
    if (error !== undefined)
      log.error({ error, supergraph: generation.id }, 'A supergraph could not be stopped in order.');
    options.onStopped();
  });
  swaps.add({ outcome: 'first' });
  log.info({ supergraph: first.id, file }, 'The supergraph is loaded.');

  let stopped = false;
  const watched = watchFile({
    file,
    pollMs: options.pollMs,
    first: sdl,
    onUnreadable: (error) => {
      swaps.add({ outcome: 'unreadable' });
      log.warn({ file, reason: messageOf(error) }, 'The supergraph file cannot be read; the one before is served on.');
    },
    async onText(text) {
      try {
        const next = await options.build(text);
        if (!stopped) await options.prepare(next, generations.current);
        if (stopped) {
          await next.stop(); // the one before has been stopped, and nobody would stop this one
          return;
        }
        generations.swap(next);
        swaps.add({ outcome: 'taken' });
        log.info({ supergraph: next.id, file }, 'Another supergraph is served.');
      } catch (error) {
        swaps.add({ outcome: 'refused' });
        const bug = isGraphError(error) ? {} : { error };
        log.error({ file, reason: messageOf(error), ...bug }, 'A supergraph was refused; the one before is served on.');
      }
    },
  });
  return {
    generations,
    reload: watched.look,
    async stop() {
      stopped = true;
      watched.stop();
      await generations.stop();
    },
  };
}

async function readFirst(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    const reason = missing ? 'there is no such file' : messageOf(cause);
    throw new UserError(
      `The supergraph ${file} (supergraph.file, WEFT_SUPERGRAPH_FILE) cannot be read: ${reason}. "weft compose" writes one.`,
      { cause },
    );
  }
}
