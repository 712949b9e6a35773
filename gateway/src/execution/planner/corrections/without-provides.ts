import { type DocumentNode, visit } from 'graphql';

/** The supergraph without `@provides`: a provision saves fetches, and everything it names is answered elsewhere too. */
export function withoutProvides(supergraph: DocumentNode): DocumentNode {
  return visit(supergraph, {
    Directive(directive) {
      if (directive.name.value !== 'join__field') return undefined;
      return { ...directive, arguments: (directive.arguments ?? []).filter(({ name }) => name.value !== 'provides') };
    },
  });
}
