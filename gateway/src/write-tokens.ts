import type { IncomingHttpHeaders } from 'node:http';
import { createWriteTokens, INTERNAL_HEADERS, mergeWriteTokens } from '@weft/service';

/** Of the request and answer header, and of the cookie. */
export const WRITE_TOKEN = INTERNAL_HEADERS.writeToken;

/** As long as the data layer takes one for good: by then every replica that is read from has the write. */
const LIFE_SECONDS = 60;

/** Of tokens that a client brought, those to go by; undefined when there are none. */
export type GoodTokens = (text: string | undefined) => string | undefined;

/**
 * Those that a subgraph signed a moment ago: with any other one a client would get round kept and shared answers.
 * Without `secrets` the gateway cannot tell, and takes whatever looks like one.
 */
export function createGoodTokens(secrets: readonly string[] | undefined, clock: () => number = Date.now): GoodTokens {
  if (secrets === undefined) return (text) => text;
  const tokens = createWriteTokens(secrets);
  return (text) => {
    if (text === undefined) return undefined;
    const isYoung = ({ writtenAt }: { readonly writtenAt: number }) => writtenAt + LIFE_SECONDS >= clock() / 1_000;
    return tokens.format(tokens.read(text).filter(isYoung));
  };
}

/**
 * What the client of one operation has written lately: with its request came tokens of earlier writes, and mutations of
 * the operation add theirs. Every fetch carries them, so that no subgraph answers with what was before.
 */
export class WriteTokens {
  #text: string | undefined;
  #added = false;

  constructor(headers: Pick<IncomingHttpHeaders, 'cookie'> & Readonly<Record<string, unknown>>, good: GoodTokens) {
    const own = headers[WRITE_TOKEN];
    this.#text = mergeWriteTokens(good(typeof own === 'string' ? own : undefined), good(cookieOf(headers.cookie)));
  }

  /** For a subgraph, and for a client that is to bring it back. */
  get text(): string | undefined {
    return this.#text;
  }

  add(text: string | undefined): void {
    const merged = text === undefined ? undefined : mergeWriteTokens(this.#text, text);
    if (merged === undefined) return;
    this.#text = merged;
    this.#added = true;
  }

  /** Headers of the answer: none when nothing was written. A browser brings the cookie by itself, others the header. */
  answerHeaders(path: string): Readonly<Record<string, string>> {
    if (!this.#added || this.#text === undefined) return {};
    const attributes = `Max-Age=${LIFE_SECONDS}; Path=${path}; HttpOnly; SameSite=Lax`;
    return { [WRITE_TOKEN]: this.#text, 'set-cookie': `${WRITE_TOKEN}=${this.#text}; ${attributes}` };
  }
}

function cookieOf(cookies: string | undefined): string | undefined {
  if (cookies === undefined || !cookies.includes(WRITE_TOKEN)) return undefined;
  const prefix = `${WRITE_TOKEN}=`;
  const found = cookies.split(';').find((cookie) => cookie.trimStart().startsWith(prefix));
  return found?.trim().slice(prefix.length);
}
