import { readFile } from 'node:fs/promises';
import { messageOf, UserError } from '@weft/errors';
import type { Telemetry } from '@weft/telemetry';
import { createLocalJWKSet, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import { watchFile } from '../watched-file.ts';

/** The keys that tokens are verified with. */
export interface TokenKeys {
  /** Another object as soon as there are other keys: what was verified with the one before is verified again. */
  readonly current: JWTVerifyGetKey;
  readonly algorithms: readonly string[];
  /** Looks at the file now; resolves when a change has been taken or refused. */
  reload(): Promise<void>;
  stop(): void;
}

export interface TokenKeysOptions {
  readonly jwksFile?: string | undefined;
  readonly sharedSecret?: { reveal(): string } | undefined;
  /** For keys of the file. */
  readonly algorithms: readonly string[];
  readonly pollMs: number;
  readonly telemetry: Telemetry;
}

/**
 * The keys of the issuer: a key set in a file that is watched, or a secret that is shared with it; undefined when there is
 * no issuer. A file that cannot be used later on is refused in the log; the keys before stay.
 *
 * A secret is good for HS256 alone and a key set for signatures alone, so no public key is ever taken for a secret.
 *
 * @throws UserError when the first key set cannot be used.
 */
export async function openTokenKeys(options: TokenKeysOptions): Promise<TokenKeys | undefined> {
  const { jwksFile, sharedSecret } = options;
  if (jwksFile !== undefined) return await openKeySet(jwksFile, options);
  if (sharedSecret === undefined) return undefined;
  const secret = Buffer.from(sharedSecret.reveal());
  return { current: async () => secret, algorithms: ['HS256'], reload: async () => undefined, stop: () => undefined };
}

async function openKeySet(file: string, { algorithms, pollMs, telemetry }: TokenKeysOptions): Promise<TokenKeys> {
  const { log } = telemetry;
  const first = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw unusable(file, cause);
  });
  let current = toKeys(first, file);
  const watched = watchFile({
    file,
    pollMs,
    first,
    onUnreadable: (error) => log.warn({ file, reason: messageOf(error) }, 'Keys cannot be read; those before stay.'),
    async onText(text) {
      try {
        current = toKeys(text, file);
        log.info({ file }, 'Other keys verify tokens.');
      } catch (error) {
        log.error({ file, reason: messageOf(error) }, 'Keys were refused; those before stay.');
      }
    },
  });
  return {
    get current() {
      return current;
    },
    algorithms,
    reload: watched.look,
    stop: watched.stop,
  };
}

function toKeys(text: string, file: string): JWTVerifyGetKey {
  try {
    return createLocalJWKSet(JSON.parse(text) as JSONWebKeySet); // throws on anything that is not a key set
  } catch (cause) {
    throw unusable(file, cause);
  }
}

function unusable(file: string, cause: unknown): UserError {
  return new UserError(`The key set ${file} (authentication.jwksFile) cannot be used: ${messageOf(cause)}`, { cause });
}
