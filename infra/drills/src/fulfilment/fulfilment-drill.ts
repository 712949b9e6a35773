import { waitFor } from '@weft/testing';
import type { RunningGraph } from '../running-graph.ts';
import { checkBooks, type Findings } from './check-books.ts';
import { type ClientLog, startCustomers } from './customers.ts';
import { killInTurns } from './killer.ts';
import { onEveryShard, stockShop } from './shop-books.ts';

export interface DrillOptions {
  readonly rounds: number;
  /** Products on each shard, and how many there are of each. */
  readonly products: number;
  readonly stock: number;
  readonly tell: (line: string) => void;
}

export interface DrillResult extends Findings {
  readonly kills: Readonly<Record<string, number>>;
  readonly log: ClientLog;
}

/** What the provider of the drill does besides its work. */
export const PAYMENT_FAULTS = 'fail=0.05,silent=0.02,twice=0.3,decline=0.05';

/** A job of a killed worker is given to another after its time; then retries. */
const SETTLE_MS = 240_000;

/**
 * Customers order, review and cancel while processes are killed one after the other; then everything that is under way
 * comes to its end, and the books are compared.
 */
export async function runFulfilmentDrill(running: RunningGraph, options: DrillOptions): Promise<DrillResult> {
  const products = await stockShop(running, options);
  const customers = startCustomers(running, { names: ['ada', 'grace'], products, lanes: 1 });
  const kills = await killInTurns(running, options.rounds, (round, victim) =>
    options.tell(`round ${round} of ${options.rounds}: kill -9 ${victim}`),
  );
  const log = await customers.stop();
  options.tell(
    `${log.orders.length} orders and ${log.reviews.length} reviews acknowledged, ${log.retries} requests sent again`,
  );
  await waitFor(() => isQuiet(running), { what: 'every job to come to its end', timeoutMs: SETTLE_MS }).catch(
    (error: unknown) => options.tell(String(error)), // the checker says which
  );
  return { ...(await checkBooks(running, log, { products })), kills, log };
}

async function isQuiet(running: RunningGraph): Promise<boolean> {
  const open = await onEveryShard(
    running,
    `select 1 from orders.job j join orders.idempotency i on i.job_id = j.id
     where i.key like 'drill-%' and j.state in ('QUEUED', 'RUNNING', 'COMPENSATING')
     union all select 1 from orders.outbox union all select 1 from inventory.outbox union all select 1 from reviews.outbox`,
  );
  return open.length === 0;
}
