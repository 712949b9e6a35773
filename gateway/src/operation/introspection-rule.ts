import { GraphError } from '@weft/errors';
import { GraphQLError, type ValidationRule } from 'graphql';

/** Refuses documents that ask for the schema. `__typename` says only what an answer shows anyway. */
export const refuseIntrospection: ValidationRule = (context) => ({
  Field(node) {
    if (node.name.value !== '__schema' && node.name.value !== '__type') return;
    const own = new GraphError('INTROSPECTION_DISABLED', 'The schema is not shown here.');
    context.reportError(new GraphQLError(own.message, { nodes: node, originalError: own }));
  },
});
