import { type CacheAnnotation, type CacheHint, NO_ANNOTATION } from './annotation.ts';

/**
 * The hint of one field by Apollo Server's rules: the field's own `maxAge` over that of its type; a field of the root,
 * or of a composite type, that has neither and does not inherit is not cacheable.
 *
 * `ofType`: the annotation of the field's type when that is an object, an interface or a union; `undefined` for others.
 */
export function hintOfField(
  own: CacheAnnotation,
  ofType: CacheAnnotation | undefined,
  isRootField: boolean,
): CacheHint {
  const fromType = ofType ?? NO_ANNOTATION;
  const scope = own.scope ?? fromType.scope;
  if (own.inheritMaxAge && fromType.maxAge === undefined) return { maxAge: isRootField ? 0 : undefined, scope };
  const maxAge = own.maxAge ?? fromType.maxAge;
  if (maxAge !== undefined) return { maxAge, scope };
  const needsOne = isRootField || (ofType !== undefined && !fromType.inheritMaxAge);
  return { maxAge: needsOne ? 0 : undefined, scope };
}
