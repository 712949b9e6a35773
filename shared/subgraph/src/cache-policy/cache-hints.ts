import { annotationOf, type CacheAnnotation, type CacheHint, hintOfField, NO_ANNOTATION } from '@weft/cache-control';
import { type GraphQLCompositeType, type GraphQLField, getNamedType, isCompositeType } from 'graphql';

/** `@cacheControl` on a type, without the types of its fields. */
export function typeHint(type: GraphQLCompositeType): CacheHint {
  const { maxAge, scope } = typeAnnotation(type);
  return { maxAge, scope };
}

export function fieldHint(field: GraphQLField<unknown, unknown>, isRootField: boolean): CacheHint {
  const own = annotationOf(field.astNode?.directives) ?? NO_ANNOTATION;
  const type = getNamedType(field.type);
  return hintOfField(own, isCompositeType(type) ? typeAnnotation(type) : undefined, isRootField);
}

function typeAnnotation(type: GraphQLCompositeType): CacheAnnotation {
  for (const node of [type.astNode, ...type.extensionASTNodes]) {
    const annotation = annotationOf(node?.directives);
    if (annotation !== undefined) return annotation;
  }
  return NO_ANNOTATION;
}
