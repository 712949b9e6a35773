import type { CacheHint, CacheScope } from '@weft/cache-control';
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { fieldHint, typeHint } from './cache-hints.ts';
import { conditionalVariables, isIncluded, type Variables, variablesWithDefaults } from './included-selections.ts';

/** How long, in seconds, and for whom an answer may be kept. A `maxAge` of 0 means not at all. */
export interface CachePolicy {
  readonly maxAge: number;
  readonly scope: CacheScope;
}

export interface CachePolicies {
  /** `document` is valid against the schema and holds `operation`. Worked out once per document and conditions. */
  policyOf(document: DocumentNode, operation: OperationDefinitionNode, variables: Variables): CachePolicy;
}

/** A document has one policy for each combination of its @skip and @include variables; more are not remembered. */
const MAX_COMBINATIONS = 64;

/**
 * The cache policies of operations on one schema, read from `@cacheControl` without looking at the answer. Apollo
 * Server works the same out by wrapping every field resolver, which is more than half of the CPU of a request. The
 * difference: here fields below a null or an empty list count too, so a policy is never looser than Apollo's.
 */
export function createCachePolicies(schema: GraphQLSchema): CachePolicies {
  const known = new WeakMap<
    DocumentNode,
    { readonly names: readonly string[]; readonly policies: Map<string, CachePolicy> }
  >();
  return {
    policyOf(document, operation, variables) {
      let entry = known.get(document);
      if (entry === undefined) {
        entry = { names: conditionalVariables(document), policies: new Map() };
        known.set(document, entry);
      }
      const values = variablesWithDefaults(operation, variables);
      const bits = entry.names.map((name) => (values[name] === true ? '1' : '0')).join('');
      const key = `${bits} ${operation.name?.value ?? ''}`;
      let policy = entry.policies.get(key);
      if (policy === undefined) {
        policy = computePolicy(schema, document, operation, values);
        if (entry.policies.size < MAX_COMBINATIONS) entry.policies.set(key, policy);
      }
      return policy;
    },
  };
}

/** The value of the Cache-Control header. */
export function cacheControlHeader({ maxAge, scope }: CachePolicy): string {
  return maxAge > 0 ? `max-age=${maxAge}, ${scope.toLowerCase()}` : 'no-store';
}

function computePolicy(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Variables,
): CachePolicy {
  const root = schema.getRootType(operation.operation);
  // Only a query may be kept, whatever the hints of a mutation say.
  if (operation.operation !== 'query' || root == null) return { maxAge: 0, scope: 'PUBLIC' };
  const walk = new PolicyWalk(schema, document, variables);
  walk.visit(root, operation.selectionSet, true);
  return { maxAge: walk.maxAge ?? 0, scope: walk.scope };
}

/**
 * One pass over the selections of an operation. Restricting twice by one selection changes nothing, so each pair of
 * object type and selection set is visited once and fragments that use fragments stay linear.
 */
class PolicyWalk {
  maxAge: number | undefined;
  scope: CacheScope = 'PUBLIC';
  readonly #schema: GraphQLSchema;
  readonly #variables: Variables;
  readonly #fragments = new Map<string, FragmentDefinitionNode>();
  readonly #visited = new Map<SelectionSetNode, Map<string, boolean>>();

  constructor(schema: GraphQLSchema, document: DocumentNode, variables: Variables) {
    this.#schema = schema;
    this.#variables = variables;
    for (const node of document.definitions) {
      if (node.kind === Kind.FRAGMENT_DEFINITION) this.#fragments.set(node.name.value, node);
    }
  }

  /** True when a field of `parent` is asked for, other than `__typename`. */
  visit(parent: GraphQLObjectType, selectionSet: SelectionSetNode, isRoot: boolean): boolean {
    const results = this.#resultsOf(selectionSet);
    const key = isRoot ? `${parent.name} root` : parent.name;
    const known = results.get(key);
    if (known !== undefined) return known;
    let asked = false;
    for (const selection of selectionSet.selections) {
      if (!isIncluded(selection, this.#variables)) continue;
      if (selection.kind === Kind.FIELD) {
        asked = this.#visitField(parent, selection.name.value, selection.selectionSet, isRoot) || asked;
        continue;
      }
      const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : this.#fragments.get(selection.name.value);
      if (fragment === undefined || !this.#applies(fragment.typeCondition?.name.value, parent)) continue;
      asked = this.visit(parent, fragment.selectionSet, isRoot) || asked;
    }
    results.set(key, asked);
    return asked;
  }

  #visitField(parent: GraphQLObjectType, name: string, below: SelectionSetNode | undefined, isRoot: boolean): boolean {
    const field = parent.getFields()[name];
    if (field === undefined) return false; // __typename and introspection have no policy
    const type = getNamedType(field.type);
    const objectTypes = isAbstractType(type) ? this.#schema.getPossibleTypes(type) : isObjectType(type) ? [type] : [];
    if (isRoot && name === '_entities') {
      this.#visitEntities(objectTypes, below);
      return true;
    }
    this.#restrict(fieldHint(field, isRoot));
    if (below !== undefined) for (const objectType of objectTypes) this.visit(objectType, below, false);
    return true;
  }

  /** `_entities` has the hints of the entity types that a field is asked of; of all types when it is of none. */
  #visitEntities(all: readonly GraphQLObjectType[], below: SelectionSetNode | undefined): void {
    const asked = all.filter((type) => below !== undefined && this.visit(type, below, false));
    for (const type of asked.length > 0 ? asked : all) {
      const hint = typeHint(type);
      this.#restrict({ maxAge: hint.maxAge ?? 0, scope: hint.scope });
    }
  }

  #applies(condition: string | undefined, type: GraphQLObjectType): boolean {
    if (condition === undefined || condition === type.name) return true;
    const abstract = this.#schema.getType(condition);
    return isAbstractType(abstract) && this.#schema.isSubType(abstract, type);
  }

  #resultsOf(selectionSet: SelectionSetNode): Map<string, boolean> {
    let results = this.#visited.get(selectionSet);
    if (results === undefined) {
      results = new Map();
      this.#visited.set(selectionSet, results);
    }
    return results;
  }

  #restrict({ maxAge, scope }: CacheHint): void {
    if (maxAge !== undefined && (this.maxAge === undefined || maxAge < this.maxAge)) this.maxAge = maxAge;
    if (scope === 'PRIVATE') this.scope = 'PRIVATE';
  }
}
