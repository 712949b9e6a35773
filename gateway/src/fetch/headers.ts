import type { Identity } from '@weft/service';
import type { FetchStage } from './fetch.ts';

export interface HeadersOptions {
  /** Writes traceparent and tracestate of the active span. */
  readonly injectTrace: (headers: Record<string, string>) => void;
  /** The short-lived token that tells our own subgraphs who asks; absent: subgraphs are not told. */
  readonly userToken: ((user: Identity) => Promise<string>) | undefined;
}

/** What every attempt of a fetch carries. A client's headers pass only by the allow-list of the configuration. */
export function headersStage(options: HeadersOptions): FetchStage {
  return {
    name: 'headers',
    does: 'sets media types, the allowed client headers, the signed token of the user and the trace',
    wrap: (next) => async (request) => {
      const { user, forwardedHeaders } = request.context;
      const headers: Record<string, string> = {
        ...forwardedHeaders,
        'content-type': 'application/json',
        accept: 'application/graphql-response+json, application/json;q=0.9',
      };
      if (user !== null && options.userToken !== undefined) headers['weft-user'] = await options.userToken(user);
      options.injectTrace(headers);
      return await next({ ...request, headers });
    },
  };
}
