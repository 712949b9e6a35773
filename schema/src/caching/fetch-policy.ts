import type { CacheScope } from '@weft/cache-control';
import { type FragmentDefinitionNode, Kind, parse, type SelectionSetNode } from 'graphql';
import { type CacheRules, type CacheType, fieldHint } from './cache-rules.ts';

/** How long, in seconds, and for whom an answer may be kept. 0: not at all. */
export interface CachePolicy {
  readonly maxAge: number;
  readonly scope: CacheScope;
  /** The element that made it so short, and the one that made it private. */
  readonly because: string | undefined;
  readonly privateBecause: string | undefined;
}

/** The strictest of all: an answer may be kept as long as the part that may be kept least. */
export function strictest(policies: readonly CachePolicy[]): CachePolicy {
  const [shortest] = policies.toSorted((a, b) => a.maxAge - b.maxAge);
  const secret = policies.find(({ scope }) => scope === 'PRIVATE');
  return {
    maxAge: shortest?.maxAge ?? 0,
    scope: secret === undefined ? 'PUBLIC' : 'PRIVATE',
    because: shortest?.because,
    privateBecause: secret?.privateBecause,
  };
}

/** The policy of the answer of one fetch, read from `@cacheControl` of its subgraph. */
export function fetchPolicy(text: string, rules: CacheRules): CachePolicy {
  const document = parse(text, { noLocation: true });
  const operation = document.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);
  if (operation === undefined || operation.operation !== 'query') {
    return { maxAge: 0, scope: 'PUBLIC', because: operation?.operation, privateBecause: undefined };
  }
  const walk = new PolicyWalk(
    rules,
    document.definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION),
  );
  walk.visit(rules.roots.query, operation.selectionSet, true);
  return walk.policy();
}

class PolicyWalk {
  readonly #rules: CacheRules;
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly #visited = new WeakMap<SelectionSetNode, Set<string>>();
  #maxAge: number | undefined;
  #because: string | undefined;
  #privateBecause: string | undefined;

  constructor(rules: CacheRules, fragments: readonly FragmentDefinitionNode[]) {
    this.#rules = rules;
    this.#fragments = new Map(fragments.map((fragment) => [fragment.name.value, fragment]));
  }

  policy(): CachePolicy {
    const scope = this.#privateBecause === undefined ? 'PUBLIC' : 'PRIVATE';
    return { maxAge: this.#maxAge ?? 0, scope, because: this.#because, privateBecause: this.#privateBecause };
  }

  /** A pair of object type and selection set is visited once: restricting twice changes nothing. */
  visit(typeName: string, selectionSet: SelectionSetNode, isRoot: boolean): void {
    const seen = this.#visited.get(selectionSet) ?? new Set();
    this.#visited.set(selectionSet, seen);
    if (seen.has(typeName)) return;
    seen.add(typeName);
    const type = this.#rules.types.get(typeName);
    for (const selection of selectionSet.selections) {
      if (selection.kind === Kind.FIELD) {
        if (isRoot && selection.name.value === '_entities') this.#visitEntities(selection.selectionSet);
        else this.#visitField(type, `${typeName}.${selection.name.value}`, selection.selectionSet, isRoot);
        continue;
      }
      const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : this.#fragments.get(selection.name.value);
      const on = fragment?.typeCondition?.name.value ?? typeName;
      if (fragment === undefined || (on !== typeName && type?.abstractTypes.has(on) === false)) continue;
      this.visit(typeName, fragment.selectionSet, isRoot);
    }
  }

  #visitField(
    parent: CacheType | undefined,
    coordinate: string,
    below: SelectionSetNode | undefined,
    isRoot: boolean,
  ): void {
    const field = parent?.fields.get(coordinate.slice(coordinate.indexOf('.') + 1));
    if (field === undefined) return; // __typename has no policy
    const { maxAge, scope } = fieldHint(field, this.#rules.types, isRoot);
    this.#restrict(coordinate, maxAge, scope);
    if (below === undefined) return;
    for (const possible of this.#rules.possibleTypes(field.type)) this.visit(possible, below, false);
  }

  /** Entities have the hints of their types. */
  #visitEntities(below: SelectionSetNode | undefined): void {
    for (const selection of below?.selections ?? []) {
      if (selection.kind !== Kind.INLINE_FRAGMENT || selection.typeCondition === undefined) continue;
      const name = selection.typeCondition.name.value;
      const own = this.#rules.types.get(name)?.own;
      this.#restrict(name, own?.maxAge ?? 0, own?.scope);
      for (const possible of this.#rules.possibleTypes(name)) this.visit(possible, selection.selectionSet, false);
    }
  }

  #restrict(element: string, maxAge: number | undefined, scope: CacheScope | undefined): void {
    if (maxAge !== undefined && (this.#maxAge === undefined || maxAge < this.#maxAge)) {
      this.#maxAge = maxAge;
      this.#because = element;
    }
    if (scope === 'PRIVATE') this.#privateBecause ??= element;
  }
}
