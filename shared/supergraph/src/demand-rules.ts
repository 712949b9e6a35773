import type { Schema } from '@apollo/federation-internals';
import { directiveOf } from './linked-features.ts';

/** `@listSize` of a field. */
export interface ListSize {
  readonly assumedSize: number | undefined;
  /** Paths of arguments that say how many are asked for, `first` or `page.first`; the largest counts. */
  readonly slicingArguments: readonly string[];
  /** Fields of the returned object that hold the list; empty: the field is the list. */
  readonly sizedFields: readonly string[];
}

/** What subgraphs say about how much their fields cost. */
export interface DemandRules {
  /** By coordinate, `Product.reviews`. */
  readonly listSizes: ReadonlyMap<string, ListSize>;
  /** `@cost`: the weight of a field, a type or an argument, `Query.products(filter:)`. */
  readonly weights: ReadonlyMap<string, number>;
}

/** Of `@listSize` and `@cost`, by whatever names the supergraph links them. */
export function readDemandRules(schema: Schema): DemandRules {
  const listSizes = new Map<string, ListSize>();
  for (const directive of directiveOf(schema, 'cost', 'listSize')?.applications() ?? []) {
    const { assumedSize, slicingArguments, sizedFields } = directive.arguments() as Partial<ListSize>;
    const size = { assumedSize, slicingArguments: slicingArguments ?? [], sizedFields: sizedFields ?? [] };
    listSizes.set(coordinateOf(directive.parent), size);
  }
  const weights = new Map<string, number>();
  for (const directive of directiveOf(schema, 'cost', 'cost')?.applications() ?? []) {
    weights.set(coordinateOf(directive.parent), (directive.arguments() as { readonly weight: number }).weight);
  }
  return { listSizes, weights };
}

function coordinateOf(element: unknown): string {
  return (element as { readonly coordinate: string }).coordinate;
}
