export { annotationOf, type CacheAnnotation, type CacheHint, type CacheScope, NO_ANNOTATION } from './annotation.ts';
export { hintOfField } from './hint-of-field.ts';
