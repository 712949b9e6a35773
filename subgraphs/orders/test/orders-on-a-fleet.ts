import { join } from 'node:path';
import type { StatementRecord } from '@weft/database';
import { loadPaymentSettings, type Payments, startPayments } from '@weft/payments';
import { type SubgraphOnFleet, startOnFleet } from '@weft/subgraph';
import { testFleet } from '@weft/testing';
import type { OrdersTables } from '../src/database/tables.ts';
import { subgraph } from '../src/subgraph.ts';
import { type InventoryStandIn, startInventory } from './inventory-stand-in.ts';

export interface OrdersOnAFleet extends SubgraphOnFleet<OrdersTables> {
  readonly fleet: Awaited<ReturnType<typeof testFleet>>;
  /** Every statement of the subgraph; a test empties it. */
  readonly statements: StatementRecord[];
  /** One statement on every primary; the rows of all shards. */
  query<Row = Record<string, unknown>>(sql: string, parameters?: readonly unknown[]): Promise<Row[]>;
  readonly inventory: InventoryStandIn;
  readonly payments: Payments;
}

/** Where a payment provider and an inventory are, beside the subgraph. */
async function startPeers({ secret, service, fleet }: { secret: string; service: { url: string }; fleet: Fleet }) {
  const inventory = await startInventory({ secret, orders: service.url });
  const environment = {
    WEFT_SECRETS: secret,
    WEFT_PAYMENTS_LEDGER: join(fleet.directory, 'ledger.jsonl'),
    WEFT_PAYMENTS_ORDERS: service.url,
    WEFT_PAYMENTS_FAULTS: 'twice=0.5',
  };
  const payments = await startPayments(loadPaymentSettings(environment));
  return { inventory, payments, peers: `inventory=${inventory.url},payments=${payments.url}` };
}

type Fleet = OrdersOnAFleet['fleet'];

/** Real Postgres on three shards, migrated, and the subgraph answering on a free port. `stop()` ends all of it. */
export async function startOrders(name: string): Promise<OrdersOnAFleet> {
  const fleet = await testFleet({ name, shards: 3 });
  try {
    const statements: StatementRecord[] = [];
    const running = await startOnFleet(subgraph, fleet, {
      onStatement(each) {
        // Asked by the process itself once its listening connection stands, whenever that is.
        if (each.loader !== 'map') statements.push(each);
      },
    });
    const { database } = running;
    const { peers, ...others } = await startPeers({ ...running, fleet });
    return {
      ...{ ...running, fleet, statements, ...others },
      environment: { ...running.environment, WEFT_PEERS: peers },
      async query<Row>(sql: string, parameters?: readonly unknown[]) {
        const rows = await Promise.all(database.shards.map((shard) => database.query<Row>(shard, sql, parameters)));
        return rows.flat();
      },
      async stop() {
        await others.payments.stop();
        await others.inventory.stop();
        await running.stop();
        await fleet.stop();
      },
    };
  } catch (error) {
    await fleet.stop();
    throw error;
  }
}
