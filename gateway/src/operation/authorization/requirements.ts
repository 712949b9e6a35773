import type { Identity } from '@weft/service';
import type { AccessRules } from '@weft/supergraph';
import { type GraphQLField, type GraphQLNamedType, getNamedType } from 'graphql';

/** Something that a caller must bring. Equal rules are one object. */
export interface Requirement {
  /** Tells requirements of one supergraph apart. */
  readonly id: number;
  /** One of these sets of scopes must be held whole; undefined: being somebody is enough. */
  readonly anyOf: readonly (readonly string[])[] | undefined;
}

/** Selects a field of `parent`, on objects whose types are in `scope`. */
export interface SelectedField {
  readonly parent: GraphQLNamedType;
  readonly field: GraphQLField<unknown, unknown>;
  readonly scope: ReadonlySet<string>;
}

export type RequirementsOf = (selected: SelectedField) => readonly Requirement[];

/** What the rules of a supergraph ask for each selected field. */
export function createRequirements(access: AccessRules): RequirementsOf {
  const byText = new Map<string, Requirement>();
  const byCoordinate = new Map<string, readonly Requirement[]>();
  for (const [coordinate, rules] of access) {
    const requirements = rules.map(({ anyOf }) => {
      const text = JSON.stringify(anyOf ?? null);
      const requirement = byText.get(text) ?? { id: byText.size, anyOf };
      byText.set(text, requirement);
      return requirement;
    });
    byCoordinate.set(coordinate, requirements);
  }
  /**
   * A field of an interface is as protected as on each type that can be behind it here, whatever the composition wrote on
   * the interface itself; and a field is as protected as what it gives.
   */
  return ({ parent, field, scope }) => {
    const found = new Set<Requirement>();
    const add = (coordinate: string): void => {
      for (const requirement of byCoordinate.get(coordinate) ?? []) found.add(requirement);
    };
    for (const type of [parent.name, ...scope]) {
      add(type);
      add(`${type}.${field.name}`);
    }
    add(getNamedType(field.type).name);
    return [...found];
  };
}

export function holds({ anyOf }: Requirement, user: Identity | null): boolean {
  if (user === null) return false;
  return anyOf === undefined || anyOf.some((scopes) => scopes.every((scope) => user.scopes.includes(scope)));
}
