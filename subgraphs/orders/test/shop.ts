import { composeId } from '@weft/ids';
import type { SubgraphCall } from '@weft/subgraph';
import type { OrdersOnAFleet } from './orders-on-a-fleet.ts';

/** Buckets 0, 400 and 800 lie on the three shards of the map. */
export const BUCKETS = [0, 400, 800] as const;

const idIn = (bucket: number, ms: number): string => composeId({ ms, bucket, sequence: 0 });

type Identity = NonNullable<SubgraphCall['user']>;

export const ada: Identity = { subject: idIn(0, 1), scopes: [] };
export const grace: Identity = { subject: idIn(400, 1), scopes: [] };

/** One product on each shard: 12.50, 3.00 and 0.99 EUR. And one in dollars. */
export const products = BUCKETS.map((bucket) => idIn(bucket, 2)) as [string, string, string];
export const productInDollars = idIn(0, 3);
export const unknownProduct = idIn(800, 9);

export async function fillPriceList({ database }: OrdersOnAFleet): Promise<void> {
  const prices = [
    [products[0], 1250, 'EUR'],
    [products[1], 300, 'EUR'],
    [products[2], 99, 'EUR'],
    [productInDollars, 500, 'USD'],
  ] as const;
  for (const price of prices) {
    await database.query(database.shardOf({ id: price[0] }), 'insert into orders.price values ($1, $2, $3)', price);
  }
}

export const PLACE_ORDER = /* GraphQL */ `
  mutation ($lines: [OrderLineInput!]!, $key: String!) {
    placeOrder(input: { lines: $lines }, idempotencyKey: $key) {
      id
      state
      createdAt
      finishedAt
      result { __typename }
    }
  }
`;

export interface PlacedJob {
  readonly id: string;
  readonly state: string;
}
