import { timingSafeEqual } from 'node:crypto';
import { type SigningKey, signingKeys } from './signing-keys.ts';

/** What a mutation wrote, as the data layer tells it: see `WriteToken` of @weft/database. */
export interface WriteTokenFields {
  readonly shard: string;
  readonly epoch: string;
  readonly xid: string;
  /** Seconds since 1970. */
  readonly writtenAt: number;
}

/** Tokens of writes as text for `weft-write-token`, signed: who makes one up could send every read to the primaries. */
export interface WriteTokens {
  /** Undefined when there are none. */
  format(tokens: readonly WriteTokenFields[]): string | undefined;
  /** What is not signed by one of our secrets is left out: a reader without a token is served too. */
  read(text: string | readonly string[] | undefined): readonly WriteTokenFields[];
}

/** As many shards as one client can have written to in a minute and still be sure of all. */
const MOST_TOKENS = 16;
const SIGNATURE_BYTES = 16;
/** shard:epoch:xid:writtenAt:signature; every character may stand in a cookie. */
const TOKEN = /^([a-z][a-z0-9-]{0,62}):(\d{1,10}\.\d{1,10}):(\d{1,19}):(\d{1,12}):([\w-]{22})$/;

export function createWriteTokens(secrets: readonly string[]): WriteTokens {
  const keys = signingKeys(secrets, 'write token v1');
  const sign = ({ hmac }: SigningKey, text: string): Buffer =>
    Buffer.from(hmac(text), 'base64url').subarray(0, SIGNATURE_BYTES);
  const [first] = keys;
  return {
    format(tokens) {
      if (tokens.length === 0) return undefined;
      const texts = tokens.slice(0, MOST_TOKENS).map(({ shard, epoch, xid, writtenAt }) => {
        const text = `${shard}:${epoch}:${xid}:${writtenAt}`;
        return `${text}:${sign(first, text).toString('base64url')}`;
      });
      return texts.join('/');
    },
    read(text) {
      if (typeof text !== 'string') return [];
      return text.split('/', MOST_TOKENS).flatMap((token) => {
        const [, shard = '', epoch = '', xid = '', writtenAt = '', signature = ''] = TOKEN.exec(token) ?? [];
        if (signature === '') return [];
        const given = Buffer.from(signature, 'base64url');
        const signed = token.slice(0, -signature.length - 1);
        if (!keys.some((key) => timingSafeEqual(sign(key, signed), given))) return [];
        return { shard, epoch, xid, writtenAt: Number(writtenAt) };
      });
    },
  };
}

/**
 * The tokens of both texts, the newest of each shard; for who only carries them, so nothing is verified. Undefined when
 * nothing of them is a token.
 */
export function mergeWriteTokens(...texts: readonly (string | undefined)[]): string | undefined {
  const newest = new Map<string, { readonly token: string; readonly writtenAt: number; readonly xid: bigint }>();
  for (const token of texts.flatMap((text) => text?.split('/', MOST_TOKENS) ?? [])) {
    const [, shard, , xid = '', writtenAt] = TOKEN.exec(token) ?? [];
    if (shard === undefined) continue;
    const known = newest.get(shard);
    const found = { token, writtenAt: Number(writtenAt), xid: BigInt(xid) };
    const isNewer =
      known === undefined ||
      found.writtenAt > known.writtenAt ||
      (found.writtenAt === known.writtenAt && found.xid > known.xid);
    if (isNewer) newest.set(shard, found);
  }
  const tokens = [...newest.values()].sort((a, b) => b.writtenAt - a.writtenAt).slice(0, MOST_TOKENS);
  return tokens.length === 0 ? undefined : tokens.map(({ token }) => token).join('/');
}
