import { hash } from 'node:crypto';

/** An answer as it is kept: one line about it, then its body as it was written to the first client. */
export interface KeptAnswer {
  readonly etag: string;
  /** Milliseconds since 1970. */
  readonly storedAt: number;
  readonly maxAgeSeconds: number;
  readonly scope: 'public' | 'private';
  readonly operation: { readonly name: string | undefined; readonly type: string };
  readonly body: string;
}

const VERSION = 1;

export function writeKept(answer: KeptAnswer, key: string): string {
  const { body, ...about } = answer;
  return `${JSON.stringify({ ...about, key, version: VERSION, length: body.length })}\n${body}`;
}

/** Undefined for anything this version did not write under this key, cut short, or filled with something else. */
export function readKept(text: string, key: string): KeptAnswer | undefined {
  const end = text.indexOf('\n');
  if (end === -1) return undefined;
  try {
    const {
      version,
      length,
      key: writtenFor,
      ...about
    } = JSON.parse(text.slice(0, end)) as KeptAnswer & {
      version: number;
      length: number;
      key: string;
    };
    const body = text.slice(end + 1);
    const wellFormed =
      version === VERSION &&
      writtenFor === key &&
      length === body.length &&
      typeof about.etag === 'string' &&
      Number.isFinite(about.storedAt) &&
      Number.isFinite(about.maxAgeSeconds) &&
      (about.scope === 'public' || about.scope === 'private') &&
      typeof about.operation === 'object';
    return wellFormed ? { ...about, body } : undefined;
  } catch {
    return undefined;
  }
}

/** Strong: equal tags mean equal bytes. */
export function etagOf(body: string | Buffer): string {
  return `"${hash('sha256', body, 'base64url').slice(0, 27)}"`;
}
