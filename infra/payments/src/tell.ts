import { messageOf } from '@weft/errors';
import { createRequestSigner, INTERNAL_HEADERS } from '@weft/service';
import type { Telemetry } from '@weft/telemetry';
import type { Entry } from './ledger.ts';

/** Tells orders of an entry, as providers do: whether it arrives is not waited for. */
export type Tell = (entry: Entry) => Promise<void>;

const PATH = '/events';
const TIMEOUT_MS = 2_000;

export function createTell(options: {
  readonly orders: string | undefined;
  readonly secrets: readonly string[];
  readonly telemetry: Telemetry;
}): Tell {
  const { orders, telemetry } = options;
  const signer = createRequestSigner(options.secrets);
  return async (entry) => {
    if (orders === undefined) return;
    const body = JSON.stringify({ id: `${entry.key}:${entry.state}`, topic: 'payment-answered', payload: entry });
    const signature = signer.sign({ audience: 'orders', method: 'POST', path: PATH, body });
    const headers = { 'content-type': 'application/json', [INTERNAL_HEADERS.signature]: signature };
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    await fetch(new URL(PATH, orders), { method: 'POST', body, headers, signal }).then(
      (response) => response.arrayBuffer(),
      (error: unknown) => telemetry.log.info({ error: messageOf(error) }, 'orders was not told.'),
    );
  };
}
