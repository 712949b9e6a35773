import { type ArgumentNode, Kind, type ObjectFieldNode, parse, type ValueNode, visit } from 'graphql';

/**
 * Whose fault it is that a subgraph found a request invalid. The gateway has checked the client's operation against all
 * that it knows; it cannot know which values a custom scalar takes. So a complaint about such a value is about what the
 * client wrote, and any other one means that subgraph and supergraph do not agree.
 *
 * Gives what is wrong in words for the client; undefined when it is no value of the client. `query` is the text that was
 * sent, `code` and `locations` are what the subgraph's error says.
 */
export function blamedValue(query: string, code: unknown, locations: unknown): string | undefined {
  if (code !== undefined && code !== 'GRAPHQL_VALIDATION_FAILED') return undefined;
  // graphql-js tells the place of everything but of what a scalar threw by itself
  const placeless = locations === undefined && code !== undefined;
  const offset = offsetOf(query, locations);
  if (offset === undefined && !placeless) return undefined;
  const isBlamed = (argument: ArgumentNode): boolean =>
    offset === undefined ? argument.value.kind !== Kind.VARIABLE : beginsAt(argument.value, offset);
  let found: string | undefined;
  visit(parse(query), {
    VariableDefinition({ loc, variable }) {
      if (offset !== undefined && loc?.start === offset) found ??= `variable "$${variable.name.value}"`;
      return false;
    },
    Argument(argument) {
      if (isBlamed(argument)) found ??= `argument "${argument.name.value}"`;
    },
    Directive: () => false,
  });
  if (found === undefined) return undefined;
  return `The value of ${placeless ? 'an argument' : `the ${found}`} is not one that can be used here.`;
}

/** A literal, or one inside of it; never the name of a field of an input object, which is a matter of the schema. */
function beginsAt(value: ValueNode | ObjectFieldNode, offset: number): boolean {
  if (value.kind === Kind.OBJECT_FIELD) return beginsAt(value.value, offset);
  if (value.kind !== Kind.VARIABLE && value.loc?.start === offset) return true;
  if (value.kind === Kind.LIST) return value.values.some((item) => beginsAt(item, offset));
  return value.kind === Kind.OBJECT && value.fields.some((field) => beginsAt(field, offset));
}

/** Of the first location; lines and columns begin at 1, and what a subgraph sends can be anything. */
function offsetOf(query: string, locations: unknown): number | undefined {
  const [first]: unknown[] = Array.isArray(locations) ? locations : [];
  if (typeof first !== 'object' || first === null || !('line' in first) || !('column' in first)) return undefined;
  const { line, column } = first;
  if (typeof line !== 'number' || typeof column !== 'number') return undefined;
  let start = 0;
  for (let at = 1; at < line; at += 1) {
    const end = query.indexOf('\n', start);
    if (end === -1) return undefined;
    start = end + 1;
  }
  return start + column - 1;
}
