import type { Identity } from '@weft/service';
import type { OperationContext } from '../operation-context.ts';
import { WRITE_TOKEN } from '../write-tokens.ts';
import type { FetchStage } from './fetch.ts';

export interface HeadersOptions {
  /** Writes traceparent and tracestate of the active span. */
  readonly injectTrace: (headers: Record<string, string>) => void;
  /** The short-lived token that tells our own subgraphs who asks; absent: subgraphs are not told. */
  readonly userToken: ((user: Identity) => Promise<string>) | undefined;
}

/** Written by the trace of the gateway, whatever may be forwarded. */
const TRACE_HEADERS = new Set(['traceparent', 'tracestate']);
/** Characters that no value of a header may have: a line break would begin another header. */
const ILLEGAL = /[^\t\x20-\x7e\x80-\xff]/;

/** What every attempt of a fetch carries. A client's headers pass only by the allow-list of the configuration. */
export function headersStage({ injectTrace, userToken }: HeadersOptions): FetchStage {
  return {
    name: 'headers',
    does: 'writes the allowed client headers, the signed tokens of the user and of what they wrote, and the trace',
    wrap: (next) => (request, done) => {
      const { user, forwardedHeaders, writeTokens } = request.context;
      const trace: Record<string, string> = {};
      injectTrace(trace);
      request.traceHeaders = linesOf(trace);
      request.callerHeaders = callerLines(forwardedHeaders, request.traceHeaders !== '');
      const written = writeTokens?.text;
      if (written !== undefined) request.callerHeaders += `${WRITE_TOKEN}: ${written}\r\n`;
      if (user === null || userToken === undefined) return next(request, done);
      userToken(user).then(
        (token) => {
          if (request.ended !== undefined) return done({ error: request.ended });
          request.userToken = token;
          request.callerHeaders += `weft-user: ${token}\r\n`;
          next(request, done);
        },
        (error: unknown) => done({ error }),
      );
    },
  };
}

function callerLines(headers: OperationContext['forwardedHeaders'], hasTrace: boolean): string {
  let lines = '';
  for (const name in headers) {
    if (hasTrace && TRACE_HEADERS.has(name)) continue;
    const value = headers[name] as string;
    if (!ILLEGAL.test(value)) lines += `${name}: ${value}\r\n`;
  }
  return lines;
}

function linesOf(headers: Readonly<Record<string, string>>): string {
  let lines = '';
  for (const name in headers) lines += `${name}: ${headers[name]}\r\n`;
  return lines;
}
