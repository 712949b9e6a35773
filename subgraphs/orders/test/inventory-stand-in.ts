import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRequestSigner, createRequestVerifier, INTERNAL_HEADERS, readBody } from '@weft/service';

export interface InventoryStandIn {
  readonly url: string;
  /** Products of which nothing is left. */
  readonly soldOut: Set<string>;
  /** Every event that came, in its order; one that came again is here again. */
  readonly events: { readonly topic: string; readonly orderId: string }[];
  /** Takes no event while it is set. */
  down: boolean;
  stop(): Promise<void>;
}

interface Ordered {
  readonly orderId: string;
  readonly jobId: string;
  readonly lines: readonly { readonly productId: string }[];
}

/**
 * What orders sees of inventory, a subgraph that this one may not import: it takes events, and answers each line twice,
 * by events of its own. The whole graph with the real one is what the drills run.
 */
export async function startInventory(options: {
  readonly secret: string;
  /** Of orders, without a path. */
  readonly orders: string;
}): Promise<InventoryStandIn> {
  const { secret, orders } = options;
  const verifier = createRequestVerifier([secret], { audience: 'inventory' });
  const signer = createRequestSigner([secret]);
  const standIn = { soldOut: new Set<string>(), events: [] as InventoryStandIn['events'], down: false };

  async function take(request: IncomingMessage): Promise<void> {
    const body = await readBody(request, { maxBytes: 100_000 });
    verifier.verify({ method: 'POST', path: '/events', body, headers: request.headers });
    const { topic, payload } = JSON.parse(body.toString()) as { topic: string; payload: Ordered };
    standIn.events.push({ topic, orderId: payload.orderId });
    if (topic === 'reserve-stock') for (const { productId } of payload.lines) await tell(payload, productId);
  }

  async function tell({ orderId, jobId }: Ordered, productId: string): Promise<void> {
    const payload = { orderId, jobId, productId, reserved: !standIn.soldOut.has(productId) };
    const body = JSON.stringify({ id: `${orderId}:${productId}`, topic: 'stock-answered', payload });
    for (let time = 0; time < 2; time += 1) {
      const signature = signer.sign({ audience: 'orders', method: 'POST', path: '/events', body });
      const headers = { 'content-type': 'application/json', [INTERNAL_HEADERS.signature]: signature };
      const { status } = await fetch(`${orders}/events`, { method: 'POST', body, headers });
      if (status !== 200) throw new Error(`orders answered ${status}`);
    }
  }

  const server = createServer((request, response) => {
    const taken = standIn.down ? Promise.reject(new Error('down')) : take(request);
    taken.then(
      () => response.writeHead(200).end('{}'),
      () => response.writeHead(503).end('{}'),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return Object.assign(standIn, {
    url,
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
}
