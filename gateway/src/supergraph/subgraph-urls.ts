import { readFile } from 'node:fs/promises';
import { messageOf, UserError } from '@weft/errors';
import type { Telemetry } from '@weft/telemetry';
import { z } from 'zod';
import { watchFile } from '../watched-file.ts';

export type SubgraphUrls = Readonly<Record<string, readonly string[]>>;

const urls = z.record(z.string(), z.array(z.url({ protocol: /^https?$/ })));

/**
 * The addresses of the copies of subgraphs, from a JSON file that is watched. A file that cannot be used later on is
 * refused in the log; the addresses before stay.
 *
 * @throws UserError when the first one cannot be used.
 */
export async function openSubgraphUrls(options: {
  readonly file: string;
  readonly pollMs: number;
  readonly telemetry: Telemetry;
  readonly onUrls: (urls: SubgraphUrls) => void;
}): Promise<{ reload(): Promise<void>; stop(): void }> {
  const { file, telemetry } = options;
  const first = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new UserError(`${file} (supergraph.subgraphUrlsFile) cannot be read: ${messageOf(cause)}`, { cause });
  });
  options.onUrls(parse(first, file));
  const watched = watchFile({
    file,
    pollMs: options.pollMs,
    first,
    onUnreadable: (error) =>
      telemetry.log.warn(
        { file, reason: messageOf(error) },
        'The addresses of subgraphs cannot be read; those before stay.',
      ),
    async onText(text) {
      try {
        options.onUrls(parse(text, file));
        telemetry.log.info({ file }, 'Other addresses of subgraphs are used.');
      } catch (error) {
        telemetry.log.error(
          { file, reason: messageOf(error) },
          'Addresses of subgraphs were refused; those before stay.',
        );
      }
    },
  });
  return { reload: watched.look, stop: watched.stop };
}

function parse(text: string, file: string): SubgraphUrls {
  try {
    return urls.parse(JSON.parse(text));
  } catch (cause) {
    const reason = cause instanceof z.ZodError ? z.prettifyError(cause) : messageOf(cause);
    throw new UserError(`${file} must be JSON such as { "products": ["http://127.0.0.1:4001/graphql"] }: ${reason}`, {
      cause,
    });
  }
}
