/** One step of a subgraph's schema. Applied once on each shard, as the owner role; an applied one is never edited. */
export interface Migration {
  /** `0001-products`: number, then what it brings. */
  readonly name: string;
  /** Tables are named with their schema: `create table products.product (...)`. */
  readonly statements: readonly string[];
}
