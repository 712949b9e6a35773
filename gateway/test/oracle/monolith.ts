import { type DocumentNode, type ExecutionResult, execute, type GraphQLSchema } from 'graphql';
import type { Thing } from './identity.ts';
import { requiredOf, requiringDeclaration } from './required-values.ts';
import { computeValue, Fault } from './values.ts';
import { fieldNamed, type World } from './world.ts';

/** What an operation on the API schema gives when one process knows everything: the expected answer. */
export type Monolith = (document: DocumentNode, variables: Readonly<Record<string, unknown>>) => ExecutionResult;

export function createMonolith(
  world: World,
  schema: GraphQLSchema,
  subgraphSchemas: ReadonlyMap<string, GraphQLSchema>,
): Monolith {
  return (document, variables) => {
    let mutations = 0;
    const result = execute({
      schema,
      document,
      variableValues: variables,
      rootValue: undefined,
      typeResolver: (thing: Thing) => thing.type,
      fieldResolver(source: Thing | undefined, given, _context, { parentType, fieldName }) {
        const thing = source ?? { type: parentType.name, number: 0 };
        const declaration = requiringDeclaration(fieldOf(world, thing, fieldName));
        const before = parentType.name === 'Mutation' ? mutations++ : undefined;
        return computeValue(world, thing, fieldName, {
          arguments: given,
          ...(before !== undefined && { before }),
          ...(declaration !== undefined && { required: requiredOf(world, subgraphSchemas, thing, declaration) }),
        });
      },
    });
    if ('then' in result) throw new Error('the monolith is synchronous');
    for (const { originalError } of result.errors ?? []) {
      if (result.data !== undefined && !(originalError instanceof Fault)) throw originalError;
    }
    return result;
  };
}

function fieldOf(world: World, thing: Thing, name: string) {
  const found = fieldNamed(world, thing.type, name);
  if (found === undefined) throw new Error(`${thing.type} has no field ${name}`);
  return found.field;
}
