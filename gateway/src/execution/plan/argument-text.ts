import { type FieldNode, Kind, type ValueNode } from 'graphql';

/**
 * Equal texts for equal arguments, whatever the order in which they are written. Planners print values anew, and an ID of
 * digits as a number, so `"1"` and `1` are the same here: both are what a subgraph takes for that ID.
 */
export function argumentText({ arguments: given = [] }: FieldNode): string {
  return given
    .map(({ name, value }) => `${name.value}:${valueText(value)}`)
    .sort()
    .join();
}

function valueText(value: ValueNode): string {
  switch (value.kind) {
    case Kind.VARIABLE:
      return `$${value.name.value}`;
    case Kind.LIST:
      return `[${value.values.map(valueText).join()}]`;
    case Kind.OBJECT:
      return `{${value.fields
        .map((field) => `${field.name.value}:${valueText(field.value)}`)
        .sort()
        .join()}}`;
    case Kind.INT:
    case Kind.FLOAT:
      return numberText(value.value);
    case Kind.STRING:
      return /^-?\d+$/.test(value.value) ? numberText(value.value) : JSON.stringify(value.value);
    case Kind.NULL:
      return 'null';
    case Kind.BOOLEAN:
    case Kind.ENUM:
      return String(value.value);
  }
}

/** `1.0` is printed as `1`; digits that a number cannot hold stay. */
function numberText(digits: string): string {
  return Number.isSafeInteger(Number(digits)) || digits.includes('.') ? String(Number(digits)) : digits;
}
