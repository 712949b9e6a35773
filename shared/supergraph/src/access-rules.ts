import type { Schema } from '@apollo/federation-internals';
import { directiveOf } from './linked-features.ts';

/** What a caller must bring for one coordinate of the supergraph, `User.email` or `User`. Each rule of it must hold. */
export interface AccessRule {
  /** One of these sets must be held whole; undefined: being somebody is enough. Scopes are compared whole. */
  readonly anyOf: readonly (readonly string[])[] | undefined;
}

/** Rules by coordinate; nothing is said of what anybody may see. */
export type AccessRules = ReadonlyMap<string, readonly AccessRule[]>;

interface Fielded {
  readonly kind: string;
  readonly name: string;
  possibleRuntimeTypes(): readonly { readonly name: string }[];
}

/** Of `@authenticated` and `@requiresScopes`, by whatever names the supergraph links them. */
export function readAccessRules(schema: Schema): AccessRules {
  const rules = new Map<string, AccessRule[]>();
  const add = (coordinate: string, rule: AccessRule): void => {
    const known = rules.get(coordinate) ?? [];
    rules.set(coordinate, [...known, rule]);
  };
  for (const { parent } of directiveOf(schema, 'authenticated', 'authenticated')?.applications() ?? []) {
    add(coordinateOf(parent), { anyOf: undefined });
  }
  for (const directive of directiveOf(schema, 'requiresScopes', 'requiresScopes')?.applications() ?? []) {
    const { scopes } = directive.arguments() as { readonly scopes: readonly (readonly string[])[] };
    add(coordinateOf(directive.parent), { anyOf: scopes });
  }
  return rules.size === 0 ? rules : withInterfaceObjects(schema, rules);
}

/**
 * A field that one subgraph adds to a whole interface is that of every type behind the interface, and so are its rules:
 * a composition may have left them on the interface alone.
 */
function withInterfaceObjects(schema: Schema, rules: Map<string, readonly AccessRule[]>): AccessRules {
  for (const type of schema.interfaceTypes()) {
    const isObjectSomewhere = type
      .appliedDirectivesOf('join__type')
      .some((directive) => directive.arguments().isInterfaceObject === true);
    if (!isObjectSomewhere) continue;
    for (const field of type.fields()) {
      const own = rules.get(field.coordinate);
      if (own === undefined) continue;
      for (const { name } of (type as Fielded).possibleRuntimeTypes()) {
        const coordinate = `${name}.${field.name}`;
        rules.set(coordinate, [...(rules.get(coordinate) ?? []), ...own]);
      }
    }
  }
  return rules;
}

function coordinateOf(element: unknown): string {
  return (element as { readonly coordinate: string }).coordinate;
}
