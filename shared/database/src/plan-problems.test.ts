import { expect, test } from '@jest/globals';
import { findPlanProblems, type PlanNode } from './plan-problems.ts';

const leading = new Map([
  ['inventory.stock stock_pkey', 'product_id'],
  ['inventory.stock stock_by_warehouse', 'warehouse_id'],
]);
const expected = {
  isSharded: () => true,
  accessColumns: ['product_id'],
  ordered: false,
  leadingColumnOf: (table: string, index: string) => leading.get(`${table} ${index}`),
};
const scan = (index: string): PlanNode => ({
  'Node Type': 'Index Scan',
  Schema: 'inventory',
  'Relation Name': 'stock',
  'Index Name': index,
  'Index Cond': '(stock.product_id = ANY ($1))',
});
const bitmap = (index: string): PlanNode => ({
  'Node Type': 'Bitmap Heap Scan',
  Schema: 'inventory',
  'Relation Name': 'stock',
  Plans: [{ 'Node Type': 'Bitmap Index Scan', 'Index Name': index, 'Index Cond': '(stock.product_id = ANY ($1))' }],
});

test('an index that begins with the access key serves it', () => {
  expect(findPlanProblems(scan('stock_pkey'), expected)).toEqual([]);
  expect(findPlanProblems(bitmap('stock_pkey'), expected)).toEqual([]);
});

test('an index that begins with another column does not, though Postgres 18 can skip through it', () => {
  expect(findPlanProblems(scan('stock_by_warehouse'), expected)).toEqual([
    'Index Scan on inventory.stock: stock_by_warehouse begins with warehouse_id, not with product_id',
  ]);
  expect(findPlanProblems(bitmap('stock_by_warehouse'), expected)).toEqual([
    'Bitmap Heap Scan on inventory.stock: stock_by_warehouse begins with warehouse_id, not with product_id',
  ]);
});
