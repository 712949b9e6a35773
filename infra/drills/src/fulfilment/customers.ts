import { setTimeout as delay } from 'node:timers/promises';
import type { RunningGraph } from '../running-graph.ts';
import type { Stocked } from './shop-books.ts';

/** A write that the graph acknowledged: the customer has seen the answer. */
export interface Acknowledged {
  readonly key: string;
  readonly customer: string;
  /** Of the job or of the review; every answer that the key ever got. */
  readonly ids: readonly string[];
}

export interface ClientLog {
  readonly orders: readonly Acknowledged[];
  readonly reviews: readonly Acknowledged[];
  /** Jobs whose cancellation was acknowledged. */
  readonly canceled: readonly string[];
  /** Requests without an answer that says what became of them; each was sent again until it had one. */
  readonly retries: number;
}

export interface Customers {
  /** Lets every request that is under way come to its answer, then gives all that was acknowledged. */
  stop(): Promise<ClientLog>;
}

const PLACE = `mutation ($input: PlaceOrderInput!, $key: String!) { placeOrder(input: $input, idempotencyKey: $key) { id } }`;
const REVIEW = `mutation ($input: AddReviewInput!, $key: String!) { addReview(input: $input, idempotencyKey: $key) { id } }`;
const CANCEL = `mutation ($id: ID!) { cancelJob(id: $id) { id state } }`;

const PAUSE_MS = 150;
const RETRY_MS = 100;
/** Some cancel at once, some when the order is charged or packed. */
const LONGEST_SECOND_THOUGHT_MS = 600;

/** Customers who order, review and cancel without end. A request that was not answered is sent again with its key. */
export function startCustomers(
  running: RunningGraph,
  options: { readonly names: readonly string[]; readonly products: readonly Stocked[]; readonly lanes: number },
): Customers {
  const { names, products, lanes } = options;
  const log = { orders: [] as Acknowledged[], reviews: [] as Acknowledged[], canceled: [] as string[], retries: 0 };
  let going = true;
  let made = 0;

  /** The first whole answer; undefined when the graph says no. */
  async function untilAnswered(query: string, variables: object, token: string): Promise<{ id: string } | undefined> {
    for (;;) {
      const answer = await running.ask(query, { variables: { ...variables }, token }).catch(() => undefined);
      const [data] = Object.values(answer?.body.data ?? {});
      if (data !== null && data !== undefined) return data as { id: string };
      const code = answer?.body.errors?.[0]?.extensions?.code;
      if (code === 'JOB_NOT_CANCELABLE') return undefined;
      log.retries += 1;
      await delay(RETRY_MS);
    }
  }

  async function write(into: Acknowledged[], customer: string, query: string, input: object): Promise<string> {
    made += 1;
    const key = `drill-${made}`;
    const token = await running.graph.token(customer);
    const first = await untilAnswered(query, { input, key }, token);
    const ids = [first?.id ?? ''];
    // Some send it once more though they have the answer.
    if (made % 5 === 0) ids.push((await untilAnswered(query, { input, key }, token))?.id ?? '');
    into.push({ key, customer, ids });
    return ids[0] ?? '';
  }

  const pick = (): Stocked => products[Math.floor(Math.random() * products.length)] as Stocked;
  async function lane(customer: string): Promise<void> {
    while (going) {
      const lines = [...new Set([pick().id, pick().id, pick().id])];
      const input = { lines: lines.map((productId) => ({ productId, quantity: 1 + Math.floor(Math.random() * 3) })) };
      const job = await write(log.orders, customer, PLACE, input);
      if (Math.random() < 0.4) {
        await delay(Math.random() * LONGEST_SECOND_THOUGHT_MS);
        const canceled = await untilAnswered(CANCEL, { id: job }, await running.graph.token(customer));
        if (canceled !== undefined) log.canceled.push(job);
      }
      const review = { productId: pick().id, rating: 1 + Math.floor(Math.random() * 5), title: 'Drilled', body: '' };
      await write(log.reviews, customer, REVIEW, review);
      await delay(PAUSE_MS);
    }
  }

  const all = names.flatMap((name) => Array.from({ length: lanes }, () => lane(name)));
  return {
    async stop() {
      going = false;
      await Promise.all(all);
      return log;
    },
  };
}
