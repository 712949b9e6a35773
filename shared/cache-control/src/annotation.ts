import { type ConstDirectiveNode, Kind } from 'graphql';

export type CacheScope = 'PUBLIC' | 'PRIVATE';

/** How long, in seconds, and for whom something may be kept; `undefined` says nothing of it. */
export interface CacheHint {
  readonly maxAge?: number | undefined;
  readonly scope?: CacheScope | undefined;
}

/** What one `@cacheControl` says. One that inherits has no maxAge: inheriting wins over a maxAge beside it. */
export interface CacheAnnotation extends CacheHint {
  readonly inheritMaxAge: boolean;
}

export const NO_ANNOTATION: CacheAnnotation = { inheritMaxAge: false };

/** `undefined` without a `@cacheControl`. */
export function annotationOf(directives: readonly ConstDirectiveNode[] | undefined): CacheAnnotation | undefined {
  const directive = directives?.find(({ name }) => name.value === 'cacheControl');
  if (directive === undefined) return undefined;
  let maxAge: number | undefined;
  let scope: CacheScope | undefined;
  let inheritMaxAge = false;
  for (const { name, value } of directive.arguments ?? []) {
    if (name.value === 'maxAge' && value.kind === Kind.INT) maxAge = Number(value.value);
    if (name.value === 'scope' && value.kind === Kind.ENUM) scope = value.value === 'PRIVATE' ? 'PRIVATE' : 'PUBLIC';
    if (name.value === 'inheritMaxAge' && value.kind === Kind.BOOLEAN) inheritMaxAge = value.value;
  }
  return inheritMaxAge ? { scope, inheritMaxAge } : { maxAge, scope, inheritMaxAge };
}
