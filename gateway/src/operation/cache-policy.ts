import type { CacheHints } from '../operation-context.ts';

/** How long and for whom a whole answer may be kept. */
export interface CachePolicy {
  readonly maxAgeSeconds: number;
  /** `unsaid`: no header named a scope. */
  readonly scope: 'public' | 'private' | 'unsaid';
}

export interface CollectedHints extends CacheHints {
  /** The strictest of all that was said; undefined when some answer must not be kept, or nothing was fetched. */
  policy(): CachePolicy | undefined;
}

/** Makes an answer private and says nothing about its age: the strictest word counts. */
export const PRIVATE_HINT = 'private, max-age=999999999';

/** Folds the Cache-Control headers of one operation's fetches (RFC 9111, 5.2.2). */
export function createCacheHints(): CollectedHints {
  let collected: CachePolicy | undefined;
  let refused = false;
  return {
    add(header) {
      const policy = parseCacheControl(header);
      if (policy === undefined) refused = true;
      else collected = collected === undefined ? policy : strictest(collected, policy);
    },
    policy: () => (refused ? undefined : collected),
  };
}

/** Undefined: not to be kept. A header that cannot be read, or gives no age, keeps nothing. */
export function parseCacheControl(header: string | undefined): CachePolicy | undefined {
  if (header === undefined) return undefined;
  const directives = new Map<string, string>();
  for (const part of header.toLowerCase().split(',')) {
    const [name = '', value = ''] = part.split('=').map((text) => text.trim());
    directives.set(name, value.replaceAll('"', ''));
  }
  if (directives.has('no-store') || directives.has('no-cache')) return undefined;
  const age = directives.get('max-age') ?? '';
  if (!/^\d{1,9}$/.test(age) || Number(age) === 0) return undefined;
  const scope = directives.has('private') ? 'private' : directives.has('public') ? 'public' : 'unsaid';
  return { maxAgeSeconds: Number(age), scope };
}

function strictest(a: CachePolicy, b: CachePolicy): CachePolicy {
  const scopes = [a.scope, b.scope];
  const scope = scopes.includes('private') ? 'private' : scopes.includes('unsaid') ? 'unsaid' : 'public';
  return { maxAgeSeconds: Math.min(a.maxAgeSeconds, b.maxAgeSeconds), scope };
}
