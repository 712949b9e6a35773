import { z } from 'zod';
import { note } from './schema-tree.ts';

/** `http://` or `https://`, without a user in it; kept as it was written. */
export function httpUrl(): z.ZodType<string> {
  return address(['http:', 'https:'], 'an address such as http://127.0.0.1:4001/graphql', { user: false });
}

/** `redis://` or `rediss://` (TLS); a password may be in it and is never printed. */
export function redisUrl(): z.ZodType<string> {
  return address(['redis:', 'rediss:'], 'an address such as redis://127.0.0.1:6379', { user: true });
}

function address(
  protocols: readonly string[],
  allowed: string,
  options: { readonly user: boolean },
): z.ZodType<string> {
  const schema = z.unknown().transform((given, context): string => {
    const url = typeof given === 'string' && URL.canParse(given) ? new URL(given) : undefined;
    const message = wrongWith(url, protocols, options.user);
    if (message === undefined) return given as string;
    context.issues.push({ code: 'custom', message, input: undefined });
    return z.NEVER;
  });
  return note(schema, { allowed, readsText: true });
}

function wrongWith(url: URL | undefined, protocols: readonly string[], userAllowed: boolean): string | undefined {
  if (url === undefined) return 'not an address';
  if (!protocols.includes(url.protocol)) return `"${url.protocol.slice(0, -1)}" is not the protocol of it`;
  if (url.hostname === '') return 'the host is missing';
  if (!userAllowed && (url.username !== '' || url.password !== '')) return 'no user and no password can be in it';
  return undefined;
}

/** Text without the user and password that an address in it carries. */
export function withoutCredentials(text: string): string {
  return text.replaceAll(/(\b[a-z][a-z0-9+.-]*:\/\/)[^/\s@]*@/gi, '$1***@');
}
