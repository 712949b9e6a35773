import type { GraphQLLeafType, GraphQLNamedType, GraphQLSchema } from 'graphql';
import type { EntityGroup } from '../plan/steps.ts';
import type { ConditionalSet, Selections } from './collect-fields.ts';
import type { Conditions } from './conditions.ts';
import type { Position } from './layout.ts';
import { leafText } from './leaf-text.ts';
import type { SourceText } from './source-text.ts';

/** What every part of the generated projection is made with. */
export interface Projecting extends Selections {
  readonly schema: GraphQLSchema;
  readonly source: SourceText;
  readonly conditions: Conditions;
  /** Of interfaces and unions in the whole supergraph. */
  readonly abstractNames: ReadonlySet<string>;
  /** Filled while projecting: the types of objects that the client selects at a position. */
  readonly typesAt: Map<object, Set<string>>;
  readonly groupOf: (step: number, group: number) => EntityGroup | undefined;
  /** Generates the function that writes objects of a type; gives its name. */
  object(position: Position, type: GraphQLNamedType, sets: readonly ConditionalSet[]): string;
  /** Name of the constant that checks the text of a leaf type. */
  check(type: GraphQLLeafType): string;
}

export function leafChecks(source: SourceText): Projecting['check'] {
  const known = new Map<string, string>();
  return (type) => {
    const name = known.get(type.name) ?? source.constant(`is${type.name}`, leafText(type));
    known.set(type.name, name);
    return name;
  };
}
