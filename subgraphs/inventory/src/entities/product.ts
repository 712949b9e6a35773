import { GraphError } from '@weft/errors';
import { isId } from '@weft/ids';
import { entityKey, parseMoney, type TypeResolvers } from '@weft/subgraph';
import type { InventoryTables, StockTable } from '../database/tables.ts';
import { stockByProduct } from '../loaders/stock-by-product.ts';
import { deliveryDays, type ParcelClass, shippingCost } from '../shipping.ts';
import { warehouseById } from './warehouse.ts';

/** A product as the gateway describes it: its id, and what @requires fetched from the products subgraph when asked for. */
interface Product {
  readonly id: string;
  readonly price?: unknown;
  readonly weight?: unknown;
  readonly parcelClass?: unknown;
}

interface Destination {
  readonly country: string;
}

export const product: TypeResolvers<InventoryTables> = {
  // Whether the product exists is the products subgraph's to say: what nobody stocks is simply not in stock.
  __resolveReference(representation): Product {
    const id = entityKey(representation, 'id');
    if (!isId(id)) throw new GraphError('BAD_USER_INPUT', 'This is not an id.');
    const { price, weight, parcelClass } = representation as Product;
    return { id, price, weight, parcelClass };
  },
  async inStock({ id }: Product, _args, { session }) {
    const levels = await session.list(stockByProduct, id);
    return levels.some(({ quantity }) => quantity > 0);
  },
  stock: ({ id }: Product, _args, { session }) => session.list(stockByProduct, id),
  shippingEstimate: ({ price, weight }: Product, { country }: Destination) =>
    shippingCost({ price: parseMoney(price), weightGrams: required('weight', weight, isWeight) }, country),
  deliveryDays: ({ parcelClass }: Product, { country }: Destination) =>
    deliveryDays(required('parcelClass', parcelClass, isParcelClass), country),
};

export const stockLevel: TypeResolvers<InventoryTables> = {
  warehouse: (level: StockTable, _args, context) => warehouseById(context, level.warehouse_id),
};

/** A field of `@requires`: JSON from the products subgraph by way of the gateway, so of any shape. */
function required<T>(field: string, value: unknown, isRight: (value: unknown) => value is T): T {
  if (isRight(value)) return value;
  throw new GraphError('BAD_USER_INPUT', `The representation has no ${field} that can be used.`);
}

function isWeight(value: unknown): value is number {
  return typeof value === 'number' && value >= 0;
}

function isParcelClass(value: unknown): value is ParcelClass {
  return value === 'LETTER' || value === 'PARCEL' || value === 'BULKY' || value === 'HAZARDOUS';
}
