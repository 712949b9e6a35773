import { type GraphQLSchema, isAbstractType } from 'graphql';
import { isRecord, malformed, type SubgraphError, type SubgraphResponse } from '../subgraph-response.ts';

/**
 * Makes the `_entities` of an answer safe to merge: one for each representation, in order, none of another type.
 * Changes the answer in place, which is ours alone.
 *
 * @throws GraphError SUBREQUEST_MALFORMED_RESPONSE when values would land in the wrong objects.
 */
export function usableEntities(
  response: SubgraphResponse,
  representations: readonly unknown[],
  options: { readonly subgraph: string; readonly schema: () => GraphQLSchema },
): SubgraphResponse {
  const { data, errors } = response;
  if (data === null) return response;
  const entities: unknown = data._entities;
  if ((entities === null || entities === undefined) && errors.length > 0) return { data: null, errors };
  if (!Array.isArray(entities)) throw malformed(options, '_entities is not a list');
  if (entities.length !== representations.length) {
    throw malformed(options, `${entities.length} entities for ${representations.length} representations`);
  }
  const strangers: SubgraphError[] = [];
  for (const [index, entity] of entities.entries()) {
    if (entity === null) continue;
    if (!isRecord(entity)) throw malformed(options, 'an entity is not an object');
    if (hasUsableType(entity, representations[index], options.schema())) continue;
    entities[index] = null;
    strangers.push({ error: malformed(options, 'an entity has another type'), path: ['_entities', index] });
  }
  return strangers.length === 0 ? response : { data, errors: [...errors, ...strangers] };
}

/**
 * The type asked for, or a member of it when that is abstract. An abstract name says less than the gateway knows already,
 * and must not replace a concrete one (`@interfaceObject`), so it is taken out; @apollo/gateway then keeps its own.
 */
function hasUsableType(entity: Record<string, unknown>, representation: unknown, schema: GraphQLSchema): boolean {
  const name = entity.__typename;
  const asked = isRecord(representation) ? representation.__typename : undefined;
  if (name === undefined || name === null) return true;
  if (typeof name !== 'string' || typeof asked !== 'string') return false;
  const [type, askedType] = [schema.getType(name), schema.getType(asked)];
  if (isAbstractType(type)) delete entity.__typename;
  if (name === asked) return true;
  if (!isAbstractType(askedType)) return false;
  // a type that is not in the clients' schema can be a hidden member
  return type === undefined || schema.getPossibleTypes(askedType).some((possible) => possible.name === name);
}
