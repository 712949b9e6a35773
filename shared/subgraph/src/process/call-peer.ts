import { GraphError, UserError } from '@weft/errors';
import type { CallPeer } from '@weft/queue';
import { createRequestSigner, INTERNAL_HEADERS } from '@weft/service';
import type { Telemetry } from '@weft/telemetry';

export interface CallPeerOptions {
  /** Addresses without a path, by name. */
  readonly peers: Readonly<Record<string, string>>;
  /** Shared by all processes of the graph; the first one signs. */
  readonly secrets: readonly string[];
  readonly telemetry: Telemetry;
}

const TIMEOUT_MS = 5_000;

/** How the worker of a subgraph asks other processes. */
export function createCallPeer({ peers, secrets, telemetry }: CallPeerOptions): CallPeer {
  const signer = createRequestSigner(secrets);
  return async (peer, { path, body, signal }) => {
    const base = Object.hasOwn(peers, peer) ? peers[peer] : undefined;
    if (base === undefined) throw new UserError(`peers.${peer} is not set, and a job asks it.`);
    const text = JSON.stringify(body);
    const headers: Record<string, string> = {
      'content-type': 'application/json',
      [INTERNAL_HEADERS.signature]: signer.sign({ audience: peer, method: 'POST', path, body: text }),
    };
    telemetry.injectTrace(headers);
    const failed = (log: object, cause?: unknown) =>
      new GraphError('SUBREQUEST_HTTP_ERROR', `${peer} did not answer.`, { log: { peer, ...log }, cause });
    try {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
      const response = await fetch(new URL(path, base), { method: 'POST', body: text, headers, signal: limit });
      const answer = await response.text();
      if (response.status >= 500) throw failed({ status: response.status });
      return { status: response.status, body: answer === '' ? undefined : (JSON.parse(answer) as unknown) };
    } catch (error) {
      throw error instanceof GraphError ? error : failed({}, error);
    }
  };
}
