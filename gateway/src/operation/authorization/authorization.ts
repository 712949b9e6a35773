import type { AccessRules } from '@weft/supergraph';
import { type ExecutionResult, type GraphQLSchema, getVariableValues } from 'graphql';
import { isWritten } from '../../written-answer.ts';
import { PRIVATE_HINT } from '../cache-policy.ts';
import { operationOf, perOperation, type ValidatedOperation, type ValidatedStage } from '../validated-operation.ts';
import { putNulls } from './put-nulls.ts';
import { refusals } from './refusals.ts';
import { createRequirements, holds, type Requirement } from './requirements.ts';
import { freeKey, type IsRefused, withoutRefused } from './restrict.ts';
import { selectionTree, type TreeNode } from './selection-tree.ts';

export interface AuthorizationOptions {
  readonly schema: GraphQLSchema;
  readonly access: AccessRules;
}

/** Operations whose selections are remembered with what they ask of a caller. */
const MOST_OPERATIONS = 1_000;
/** Kinds of callers, by what they lack, for whom one operation is kept without its refused fields. */
const MOST_CALLERS = 64;

/**
 * Takes the fields that the caller may not see out of an operation before anything is planned: no subgraph is asked for
 * them. In the answer they are null, with one error each. With no identity provider every caller is nobody, so that what
 * is protected is seen by nobody.
 */
export function authorizationStage({ schema, access }: AuthorizationOptions): ValidatedStage {
  const requirementsOf = createRequirements(access);
  const protectedBy = perOperation(MOST_OPERATIONS, (operation) => protect(operation, { schema, requirementsOf }));
  return {
    name: 'authorization',
    does: 'takes out the fields that `@authenticated` and `@requiresScopes` keep from the caller; they are null in the answer',
    wrap: (next) =>
      access.size === 0
        ? next
        : async (operation, context) => {
            const found = protectedBy(operation);
            if (found === undefined) return await next(operation, context);
            // what this caller may see is not for others, whatever subgraphs say
            context.cacheHints.add(PRIVATE_HINT);
            const refused = found.requirements.filter((requirement) => !holds(requirement, context.user));
            if (refused.length === 0) return await next(operation, context);
            const restricted = found.without(refused);
            const result = await next({ ...restricted.operation, variables: operation.variables }, context);
            if (isWritten(result)) throw new Error('data that has to be completed came as text');
            return restricted.complete(result, operation.variables);
          },
  };
}

/** An operation that touches something protected. */
interface Protected {
  readonly requirements: readonly Requirement[];
  without(refused: readonly Requirement[]): Restricted;
}

interface Restricted {
  readonly operation: Omit<ValidatedOperation, 'variables'>;
  complete(result: ExecutionResult, variables: ValidatedOperation['variables']): ExecutionResult;
}

/** Undefined: nothing in it is protected. */
function protect(operation: ValidatedOperation, schema: Parameters<typeof selectionTree>[0]): Protected | undefined {
  const definition = operationOf(operation);
  const tree = selectionTree(schema, { document: operation.document, operation: definition });
  const requirements = [...new Set(requirementsIn(tree))];
  if (requirements.length === 0) return undefined;
  const typeKey = freeKey(tree);
  const known = new Map<string, Restricted>();
  return {
    requirements,
    without(refused) {
      const name = refused.map(({ id }) => id).join('.');
      const found = known.get(name);
      if (found !== undefined) return found;
      const isRefused: IsRefused = (field) => field.requirements.some((one) => refused.includes(one));
      const restricted: Restricted = {
        operation: {
          document: withoutRefused(definition, tree, { isRefused, typeKey }),
          hash: `${operation.hash}-${name}`,
          operationName: operation.operationName,
        },
        complete({ data, errors = [], ...rest }, raw) {
          if (data === undefined) return { ...rest, errors }; // nothing ran: the variables are wrong, or time is over
          const variables = getVariableValues(schema.schema, definition.variableDefinitions ?? [], raw).coerced ?? {};
          const own = refusals(tree, { isRefused, variables });
          const answer = data === null ? null : putNulls(data, tree, { isRefused, typeKey, variables });
          const all = [...errors, ...own];
          return { ...rest, data: answer, ...(all.length > 0 && { errors: all }) };
        },
      };
      if (known.size >= MOST_CALLERS) known.clear();
      known.set(name, restricted);
      return restricted;
    },
  };
}

function* requirementsIn(tree: readonly TreeNode[]): Generator<Requirement> {
  for (const node of tree) {
    if (node.kind === 'field') yield* node.requirements;
    yield* requirementsIn(node.selections ?? []);
  }
}
