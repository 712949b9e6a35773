/** Columns as Postgres gives them: bigint and timestamptz as text. */
export interface CustomerOrderTable {
  /** In the bucket of the user, like everything below but the price. */
  id: string;
  user_id: string;
  status: OrderStatus;
  placed_at: string;
  total_minor: string;
  currency: string;
}

export type OrderStatus = 'PLACED' | ShippingStatus | 'CANCELED';
export type ShippingStatus = 'PICKED' | 'PACKED' | 'SHIPPED';

export interface OrderLineTable {
  order_id: string;
  line_no: number;
  product_id: string;
  quantity: number;
  unit_price_minor: string;
  currency: string;
  /** What inventory said; null until it has. */
  reserved: boolean | null;
}

export interface ShipmentStepTable {
  order_id: string;
  status: ShippingStatus;
  at: string;
}

export interface JobTable {
  id: string;
  user_id: string;
  order_id: string;
  state: 'QUEUED' | 'RUNNING' | 'COMPENSATING' | 'DONE' | 'FAILED' | 'CANCELED';
  /** Of five: reserved, charged, picked, packed, shipped. */
  steps_done: number;
  created_at: string;
  finished_at: string | null;
  failure_code: string | null;
  failure_message: string | null;
}

/** Which input a key was used for, and what came of it. */
export interface IdempotencyTable {
  user_id: string;
  key: string;
  request_hash: string;
  job_id: string;
  created_at: string;
}

/** The price list that orders are charged by. Lies in the bucket of the product. */
export interface PriceTable {
  product_id: string;
  price_minor: string;
  currency: string;
}

export interface OrdersTables {
  'orders.customer_order': CustomerOrderTable;
  'orders.order_line': OrderLineTable;
  'orders.shipment_step': ShipmentStepTable;
  'orders.job': JobTable;
  'orders.idempotency': IdempotencyTable;
  'orders.price': PriceTable;
}
