import {
  type ConstDirectiveNode,
  type GraphQLCompositeType,
  type GraphQLField,
  getNamedType,
  isCompositeType,
} from 'graphql';

export type CacheScope = 'PUBLIC' | 'PRIVATE';

/** What `@cacheControl` says of a field once its own hint and that of its type are put together. */
export interface CacheHint {
  readonly maxAge?: number | undefined;
  readonly scope?: CacheScope | undefined;
}

interface Annotation extends CacheHint {
  readonly inheritMaxAge: boolean;
}

const NO_ANNOTATION: Annotation = { inheritMaxAge: false };

/** `@cacheControl` on a type, without the types of its fields. */
export function typeHint(type: GraphQLCompositeType): CacheHint {
  const { maxAge, scope } = typeAnnotation(type);
  return { maxAge, scope };
}

/**
 * The hint of one field by Apollo Server's rules: the field's own `maxAge` over that of its type; a field of the root,
 * or of a composite type, that has neither and does not inherit is not cacheable.
 */
export function fieldHint(field: GraphQLField<unknown, unknown>, isRootField: boolean): CacheHint {
  const own = annotationOf(field.astNode?.directives) ?? NO_ANNOTATION;
  const type = getNamedType(field.type);
  const fromType = isCompositeType(type) ? typeAnnotation(type) : NO_ANNOTATION;
  const scope = own.scope ?? fromType.scope;
  if (own.inheritMaxAge && fromType.maxAge === undefined) return { maxAge: isRootField ? 0 : undefined, scope };
  const maxAge = own.maxAge ?? fromType.maxAge;
  if (maxAge !== undefined) return { maxAge, scope };
  const needsOne = isRootField || (isCompositeType(type) && !fromType.inheritMaxAge);
  return { maxAge: needsOne ? 0 : undefined, scope };
}

function typeAnnotation(type: GraphQLCompositeType): Annotation {
  for (const node of [type.astNode, ...type.extensionASTNodes]) {
    const annotation = annotationOf(node?.directives);
    if (annotation !== undefined) return annotation;
  }
  return NO_ANNOTATION;
}

function annotationOf(directives: readonly ConstDirectiveNode[] | undefined): Annotation | undefined {
  const directive = directives?.find(({ name }) => name.value === 'cacheControl');
  if (directive === undefined) return undefined;
  let maxAge: number | undefined;
  let scope: CacheScope | undefined;
  let inheritMaxAge = false;
  for (const { name, value } of directive.arguments ?? []) {
    if (name.value === 'maxAge' && value.kind === 'IntValue') maxAge = Number(value.value);
    if (name.value === 'scope' && value.kind === 'EnumValue') scope = value.value === 'PRIVATE' ? 'PRIVATE' : 'PUBLIC';
    if (name.value === 'inheritMaxAge' && value.kind === 'BooleanValue') inheritMaxAge = value.value;
  }
  // Inheriting wins over a maxAge beside it.
  return inheritMaxAge ? { scope, inheritMaxAge } : { maxAge, scope, inheritMaxAge };
}
