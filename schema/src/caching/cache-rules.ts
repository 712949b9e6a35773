import { annotationOf, type CacheAnnotation, type CacheHint, hintOfField, NO_ANNOTATION } from '@weft/cache-control';
import { type ConstDirectiveNode, type DocumentNode, Kind, type TypeNode } from 'graphql';

export interface CacheField {
  readonly type: string;
  readonly own: CacheAnnotation;
}

export interface CacheType {
  readonly own: CacheAnnotation;
  readonly fields: ReadonlyMap<string, CacheField>;
  /** Interfaces that it implements and unions that it is a member of. */
  readonly abstractTypes: ReadonlySet<string>;
}

/** The types of one subgraph, as far as caching depends on them. */
export interface CacheRules {
  readonly types: ReadonlyMap<string, CacheType>;
  /** The object types behind a type; itself when nothing is behind it. */
  possibleTypes(name: string): readonly string[];
  /** Root types by kind of operation. */
  readonly roots: { readonly query: string; readonly mutation: string; readonly subscription: string };
}

interface ReadType {
  own: CacheAnnotation;
  readonly fields: Map<string, CacheField>;
  readonly abstractTypes: Set<string>;
}

/** Reads `@cacheControl` of a subgraph. A supergraph does not have it: it is for the subgraph alone. */
export function readCacheRules(document: DocumentNode): CacheRules {
  const types = new Map<string, ReadType>();
  const roots = { query: 'Query', mutation: 'Mutation', subscription: 'Subscription' };
  const unions: [string, string][] = [];
  for (const node of document.definitions) {
    if (node.kind === Kind.SCHEMA_DEFINITION || node.kind === Kind.SCHEMA_EXTENSION) {
      for (const root of node.operationTypes ?? []) roots[root.operation] = root.type.name.value;
    }
    if (!('name' in node) || node.name === undefined || !isTyped(node.kind)) continue;
    const name = node.name.value;
    const type = types.get(name) ?? { own: NO_ANNOTATION, fields: new Map(), abstractTypes: new Set<string>() };
    types.set(name, type);
    if ('directives' in node) type.own = annotationOf(node.directives as readonly ConstDirectiveNode[]) ?? type.own;
    if ('interfaces' in node) for (const one of node.interfaces ?? []) type.abstractTypes.add(one.name.value);
    if ('types' in node) for (const member of node.types ?? []) unions.push([member.name.value, name]);
    if (!('fields' in node)) continue;
    for (const field of node.fields ?? []) {
      if (field.kind !== Kind.FIELD_DEFINITION) continue;
      type.fields.set(field.name.value, {
        type: namedType(field.type),
        own: annotationOf(field.directives) ?? NO_ANNOTATION,
      });
    }
  }
  for (const [member, union] of unions) types.get(member)?.abstractTypes.add(union);
  const possible = new Map<string, string[]>();
  for (const [name, { abstractTypes }] of types) {
    for (const abstract of abstractTypes) possible.set(abstract, [...(possible.get(abstract) ?? []), name]);
  }
  return { types, roots, possibleTypes: (name) => possible.get(name) ?? [name] };
}

/** `@cacheControl` of a field and that of its type put together, as the subgraph does when it runs. */
export function fieldHint({ own, type }: CacheField, types: CacheRules['types'], isRootField: boolean): CacheHint {
  return hintOfField(own, types.get(type)?.own, isRootField);
}

function isTyped(kind: Kind): boolean {
  return /^(Object|Interface|Union)Type(Definition|Extension)$/.test(kind);
}

function namedType(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type);
}
