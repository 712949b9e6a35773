import { Pool } from 'undici';
import { failureOf, inUtf8, isJson, malformed, notJson } from '../src/fetch/answer.ts';
import { addressOf } from '../src/fetch/copy-address.ts';
import type { Fetch, FetchRequest } from '../src/fetch/fetch.ts';
import { inflate } from '../src/fetch/inflate.ts';
import { reasonOf } from '../src/fetch/no-answer.ts';

/** No connection was made, so nothing can have arrived. */
const NEVER_ARRIVED =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_(CONNECT_TIMEOUT|CLOSED|DESTROYED))|CERT|ALTNAME/;
const PERHAPS_ARRIVED = /^(ECONNRESET|EPIPE|ETIMEDOUT|UND_ERR_SOCKET|UND_ERR_INFO)$/;

export interface UndiciOptions {
  readonly maxConnections: number;
  readonly maxResponseBytes: number;
  readonly connect?: object;
}

/** The innermost step over undici, as the gateway sent before it had a client of its own: the rival in benches. */
export function createUndiciSend(options: UndiciOptions): { readonly send: Fetch; stop(): Promise<void> } {
  const pools = new Map<string, Pool>();
  const poolTo = (origin: string): Pool => {
    let pool = pools.get(origin);
    if (pool === undefined) {
      pool = new Pool(origin, {
        connections: options.maxConnections,
        pipelining: 1,
        connect: { timeout: 2_000, ...options.connect },
        headersTimeout: 0,
        bodyTimeout: 0,
      });
      pools.set(origin, pool);
    }
    return pool;
  };
  return {
    send(request, done) {
      const controller = new AbortController();
      request.waiting = { giveUp: () => controller.abort(request.ended) };
      fetchOver(
        poolTo(addressOf(request.url as URL).origin),
        request,
        controller.signal,
        options.maxResponseBytes,
      ).then(
        (outcome) => {
          request.waiting = undefined;
          done(request.ended === undefined ? outcome : { error: request.ended });
        },
        (error: unknown) => done({ error }),
      );
    },
    async stop() {
      await Promise.all([...pools.values()].map((pool) => pool.destroy()));
    },
  };
}

async function fetchOver(pool: Pool, request: FetchRequest, signal: AbortSignal, maxBytes: number) {
  const url = request.url as URL;
  try {
    const {
      statusCode: status,
      headers,
      body,
    } = await pool.request({
      method: 'POST',
      path: addressOf(url).path,
      headers: headersOf(request),
      body: Buffer.from(request.bodyBytes, 'latin1'),
      signal,
    });
    const type = text(headers['content-type']);
    const encoding = text(headers['content-encoding'])?.toLowerCase() ?? 'identity';
    if (!isJson(type)) {
      body.on('error', () => undefined).destroy();
      return { error: notJson(request, url, status, type) };
    }
    if (Number(headers['content-length'] ?? 0) > maxBytes) {
      body.on('error', () => undefined).destroy();
      return { error: malformed(request, `over ${maxBytes} bytes`) };
    }
    const sent = await read(body, maxBytes);
    const bytes = encoding === 'identity' ? sent : await inflate(sent, encoding, maxBytes);
    const cacheControl = text(headers['cache-control']);
    return inUtf8({ status, url, cacheControl, bytes, start: 0, end: bytes.length }, request);
  } catch (cause) {
    const code =
      (cause as { code?: string }).code ?? (cause as { errors?: { code?: string }[] }).errors?.[0]?.code ?? '';
    if (NEVER_ARRIVED.test(code))
      return { error: failureOf({ kind: 'unreached', blameless: false, cause }, request, url) };
    if (PERHAPS_ARRIVED.test(code) && !(cause as { begun?: boolean }).begun) {
      return { error: failureOf({ kind: 'unanswered', blameless: false, cause }, request, url) };
    }
    return { error: malformed(request, reasonOf(cause), cause) };
  }
}

async function read(body: AsyncIterable<Buffer> & { destroy(): void }, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of body) {
      bytes += chunk.length;
      if (bytes > maxBytes) throw new Error(`over ${maxBytes} bytes`);
      chunks.push(chunk);
    }
  } catch (cause) {
    throw Object.assign(new Error('ended early', { cause }), { begun: true });
  }
  return chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, bytes);
}

function headersOf({ callerHeaders, traceHeaders, attemptHeaders }: FetchRequest): string[] {
  const lines = `${callerHeaders}${traceHeaders}${attemptHeaders}`.split('\r\n').slice(0, -1);
  return [
    'content-type',
    'application/json',
    'accept',
    'application/graphql-response+json, application/json;q=0.9',
    ...lines.flatMap((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
  ];
}

function text(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join(', ') : header;
}
