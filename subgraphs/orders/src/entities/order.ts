import { entityKey, requireUser, type SubgraphContext, type TypeResolvers } from '@weft/subgraph';
import type { CustomerOrderTable, OrderLineTable, OrdersTables, ShipmentStepTable } from '../database/tables.ts';
import { linesByOrder } from '../loaders/lines-by-order.ts';
import { orderById } from '../loaders/order-by-id.ts';
import { stepsByOrder } from '../loaders/steps-by-order.ts';

type Context = SubgraphContext<OrdersTables>;

/** An order that is somebody else's is null like one that does not exist, so that ids tell nothing. */
export async function ownOrder(context: Context, id: string): Promise<CustomerOrderTable | null> {
  const { subject } = requireUser(context);
  const row = await context.session.load(orderById, id);
  return row?.user_id === subject ? row : null;
}

export const order: TypeResolvers<OrdersTables> = {
  __resolveReference: (representation, context) => ownOrder(context, entityKey(representation, 'id')),
  placedAt: (row: CustomerOrderTable) => row.placed_at,
  total: (row: CustomerOrderTable) => ({ amountMinor: row.total_minor, currency: row.currency }),
  customer: (row: CustomerOrderTable) => ({ id: row.user_id }),
  lines: (row: CustomerOrderTable, _args, { session }) => session.list(linesByOrder, row.id),
  async history(row: CustomerOrderTable, _args, { session }): Promise<OrderEvent[]> {
    const steps = await session.list(stepsByOrder, row.id);
    return [{ kind: 'placed', order: row }, ...steps.map((step) => ({ kind: 'step', step }) as const)];
  },
};

export const orderLine: TypeResolvers<OrdersTables> = {
  product: (row: OrderLineTable) => ({ id: row.product_id }),
  unitPrice: (row: OrderLineTable) => ({ amountMinor: row.unit_price_minor, currency: row.currency }),
};

type Placed = { readonly kind: 'placed'; readonly order: CustomerOrderTable };
type Step = { readonly kind: 'step'; readonly step: ShipmentStepTable };
type OrderEvent = Placed | Step;

export const orderEvent: TypeResolvers<OrdersTables> = {
  __resolveType: (event) => ((event as OrderEvent).kind === 'placed' ? 'OrderPlaced' : 'ShipmentStep'),
};

export const orderPlaced: TypeResolvers<OrdersTables> = {
  at: ({ order: placed }: Placed) => placed.placed_at,
  async lineCount({ order: placed }: Placed, _args, { session }) {
    return (await session.list(linesByOrder, placed.id)).length;
  },
};

export const shipmentStep: TypeResolvers<OrdersTables> = {
  at: ({ step }: Step) => step.at,
  status: ({ step }: Step) => step.status,
};
