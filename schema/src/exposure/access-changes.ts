import type { AccessRule, AccessRules, LoadedSupergraph } from '@weft/supergraph';
import { type GraphQLSchema, getNamedType, isInterfaceType, isObjectType } from 'graphql';

/** A field that another set of callers may see. */
export interface AccessChange {
  readonly kind: 'loosened' | 'tightened';
  /** The element whose rule changed: the field, its type, or the type that it gives. */
  readonly coordinate: string;
  /** The fields that it is about. */
  readonly fields: readonly string[];
  readonly from: string;
  readonly to: string;
}

/** Sets of what a caller must bring, of which one is enough. A caller who has scopes is somebody. */
type Alternatives = readonly ReadonlySet<string>[];

const SOMEBODY = 'to be somebody';

/** E1 and E2: compares who may see each field that is there before and after. */
export function accessChanges(base: LoadedSupergraph, next: LoadedSupergraph): AccessChange[] {
  const found = new Map<string, AccessChange & { fields: string[] }>();
  for (const { coordinate, owners } of sharedFields(base.schema, next.schema)) {
    const [was, is] = [needsOf(owners.before, base.access), needsOf(owners.after, next.access)];
    const looser = !implies(is, was);
    const tighter = !implies(was, is);
    if (!looser && !tighter) continue;
    const kind = looser ? 'loosened' : 'tightened';
    const cause =
      owners.before
        .concat(owners.after)
        .find((owner) => textOf(base.access.get(owner)) !== textOf(next.access.get(owner))) ?? coordinate;
    const [from, to] = [textOf(base.access.get(cause)), textOf(next.access.get(cause))];
    const key = `${kind} ${cause}`;
    const known = found.get(key) ?? { kind, coordinate: cause, fields: [], from, to };
    known.fields.push(coordinate);
    found.set(key, known);
  }
  return [...found.values()];
}

interface SharedField {
  readonly coordinate: string;
  /** The elements whose rules count for it: itself, the type that has it, the type that it gives. */
  readonly owners: { readonly before: readonly string[]; readonly after: readonly string[] };
}

function* sharedFields(base: GraphQLSchema, next: GraphQLSchema): Generator<SharedField> {
  for (const type of Object.values(base.getTypeMap())) {
    const same = next.getType(type.name);
    if (!(isObjectType(type) || isInterfaceType(type)) || type.name.startsWith('__')) continue;
    if (!(isObjectType(same) || isInterfaceType(same))) continue;
    for (const field of Object.values(type.getFields())) {
      const now = same.getFields()[field.name];
      if (now === undefined) continue;
      const coordinate = `${type.name}.${field.name}`;
      const ownersOf = (given: string) => [coordinate, type.name, given];
      yield {
        coordinate,
        owners: { before: ownersOf(getNamedType(field.type).name), after: ownersOf(getNamedType(now.type).name) },
      };
    }
  }
}

/** Everything that a field asks of its caller. */
function needsOf(owners: readonly string[], access: AccessRules): Alternatives {
  const rules = owners.flatMap((owner) => access.get(owner) ?? []);
  return rules.map(alternativesOf).reduce(both, [new Set()]);
}

function alternativesOf({ anyOf }: AccessRule): Alternatives {
  return anyOf === undefined ? [new Set([SOMEBODY])] : anyOf.map((scopes) => new Set([SOMEBODY, ...scopes]));
}

function both(a: Alternatives, b: Alternatives): Alternatives {
  return a.flatMap((left) => b.map((right) => new Set([...left, ...right])));
}

/** True when everybody who has one of `a` has one of `b`. */
function implies(a: Alternatives, b: Alternatives): boolean {
  return a.every((set) => b.some((enough) => [...enough].every((need) => set.has(need))));
}

function textOf(rules: readonly AccessRule[] | undefined): string {
  if (rules === undefined || rules.length === 0) return 'anybody';
  return rules
    .map(({ anyOf }) =>
      anyOf === undefined ? 'authenticated' : `scopes ${anyOf.map((scopes) => scopes.join(' and ')).join(', or ')}`,
    )
    .sort()
    .join('; ');
}

/** True when some rule says who may see the field. */
export function isProtected(coordinate: string, { access, schema }: LoadedSupergraph): boolean {
  const [typeName = '', fieldName = ''] = coordinate.split('.');
  const type = schema.getType(typeName);
  const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[fieldName] : undefined;
  const given = field === undefined ? [] : [getNamedType(field.type).name];
  return [coordinate, typeName, ...given].some((owner) => access.has(owner));
}
