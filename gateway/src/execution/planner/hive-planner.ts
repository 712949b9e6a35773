import { createRequire } from 'node:module';
import { Supergraph } from '@apollo/federation-internals';
import type * as Hive from '@graphql-hive/router-query-planner';
import { GraphError, messageOf, UserError } from '@weft/errors';
import { type DocumentNode, print, visit } from 'graphql';
import { withEveryList } from './corrections/every-list.ts';
import { withResolvableKeysFirst } from './corrections/resolvable-keys.ts';
import { servedFields } from './corrections/served-fields.ts';
import { unservedField } from './corrections/unserved-field.ts';
import { withVirtualFields } from './corrections/virtual-fields.ts';
import { withRealRequirements } from './corrections/with-real-requirements.ts';
import { fromHivePlan } from './hive-plan.ts';
import type { Planner } from './planner.ts';

const PACKAGE = '@graphql-hive/router-query-planner';
/** What its own aliases begin with. */
const OWN_ALIAS = '_internal_';

/**
 * @graphql-hive/router-query-planner: native code, many times faster for operations that were not seen before. Plans that
 * ask a field of a subgraph that does not answer it are refused; selections that nobody answers are found for every planner
 * alike (`uncoveredField`).
 *
 * A plan cannot be cut off while native code makes it, but for the end of its process (`planning/hosts.ts`).
 *
 * @throws UserError on a platform that it was not built for.
 */
export function createHivePlanner(given: DocumentNode): Planner {
  const { QueryPlanner } = loadNative();
  const virtual = withVirtualFields(withResolvableKeysFirst(given));
  const { supergraph } = virtual;
  const native = new QueryPlanner(print(supergraph));
  const { schema } = Supergraph.build(supergraph, { validateSupergraph: false });
  const context = { served: servedFields(supergraph), schema: schema.toGraphQLJSSchema() };
  return {
    name: 'native',
    plan({ document, operationName }) {
      try {
        const made = fromHivePlan(native.plan(print(withoutNeedlessAliases(document)), operationName, new Set(), 0));
        const plan = withRealRequirements(withEveryList(made, document, context.schema), virtual);
        const unserved = unservedField(plan, context);
        if (unserved === undefined) return plan;
        throw new Error(`the plan asks ${unserved}, which does not answer it`);
      } catch (error) {
        const log = { reason: messageOf(error) };
        throw new GraphError('QUERY_PLANNING_FAILED', 'This operation cannot be planned.', { log, cause: error });
      }
    },
  };
}

/** `place: place { level }`: the planner asks for such a field twice, once without its selections. */
function withoutNeedlessAliases(document: DocumentNode): DocumentNode {
  return visit(document, {
    Field: (field) => (field.alias?.value === field.name.value ? { ...field, alias: undefined } : undefined),
  });
}

function loadNative(): typeof Hive {
  try {
    return createRequire(import.meta.url)(PACKAGE) as typeof Hive;
  } catch (error) {
    const { platform, arch } = process;
    throw new UserError(
      `planning.planner: native: there is no ${PACKAGE} for this machine (${platform} ${arch}); it is built for Linux with glibc and macOS. Say planning.planner: apollo.`,
      { cause: error },
    );
  }
}

/** Names that fetches may use for fields that the client did not ask for. */
export function isHiveAlias(name: string): boolean {
  return name.startsWith(OWN_ALIAS);
}
