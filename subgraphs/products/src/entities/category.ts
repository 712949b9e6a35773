import { entityKey, type SubgraphContext, type TypeResolvers } from '@weft/subgraph';
import type { CategoryTable, ProductsTables } from '../database/tables.ts';
import { allCategories } from '../loaders/all-categories.ts';

type Context = SubgraphContext<ProductsTables>;

export const category: TypeResolvers<ProductsTables> = {
  // A copy: @apollo/subgraph writes __typename on what it gets, and the row belongs to every request.
  async __resolveReference(representation, context) {
    const row = await categoryById(context, entityKey(representation, 'id'));
    return row && { ...row };
  },
};

/** Out of the reference table, which the process holds whole. Null for an unknown id. */
export async function categoryById({ session }: Context, id: string): Promise<CategoryTable | null> {
  const categories = await session.reference(allCategories);
  return categories.find((row) => row.id === id) ?? null;
}
