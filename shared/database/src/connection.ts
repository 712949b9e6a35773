import type { Page } from './order.ts';

export interface Edge<Node> {
  readonly cursor: string;
  readonly node: Node;
}

export interface Connection<Node> {
  readonly edges: readonly Edge<Node>[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

/** A page as a Relay connection. Cursors are made only when they are asked for. */
export function toConnection<Row, Node>(page: Page<Row>, toNode: (row: Row) => Node): Connection<Node> {
  const last = page.rows.at(-1);
  return {
    edges: page.rows.map((row) => ({
      node: toNode(row),
      get cursor() {
        return page.cursorOf(row);
      },
    })),
    pageInfo: {
      hasNextPage: page.hasNextPage,
      get endCursor() {
        return last === undefined ? null : page.cursorOf(last);
      },
    },
  };
}
