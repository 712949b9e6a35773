import { type DocumentNode, Kind, visit } from 'graphql';

/** Arguments of `@join__type` and `@join__field` that hold sets of fields. */
const HOLDERS: ReadonlySet<string> = new Set(['key', 'requires', 'provides']);

/** Names of fields in the keys, requirements and provisions of a supergraph. */
export function namesInFieldSets(supergraph: DocumentNode): ReadonlySet<string> {
  const names = new Set<string>();
  visit(supergraph, {
    Directive(directive) {
      if (!directive.name.value.startsWith('join__')) return;
      for (const { name, value } of directive.arguments ?? []) {
        if (!HOLDERS.has(name.value) || value.kind !== Kind.STRING) continue;
        for (const word of value.value.match(/\w+/g) ?? []) names.add(word);
      }
    },
  });
  return names;
}
