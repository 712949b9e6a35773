import { type DocumentNode, Kind, type OperationDefinitionNode, type SelectionNode, visit } from 'graphql';

export type Variables = Readonly<Record<string, unknown>>;

/** The names of the variables that decide which selections are answered, in the order they appear. */
export function conditionalVariables(document: DocumentNode): string[] {
  const names = new Set<string>();
  visit(document, {
    Directive(directive) {
      if (directive.name.value !== 'skip' && directive.name.value !== 'include') return;
      const value = directive.arguments?.[0]?.value;
      if (value?.kind === Kind.VARIABLE) names.add(value.name.value);
    },
  });
  return [...names];
}

/** The given variables over the operation's defaults, as far as @skip and @include can use them. */
export function variablesWithDefaults(operation: OperationDefinitionNode, given: Variables): Variables {
  const values: Record<string, unknown> = Object.assign(Object.create(null), given);
  for (const { variable, defaultValue } of operation.variableDefinitions ?? []) {
    const name = variable.name.value;
    if (values[name] === undefined && defaultValue?.kind === Kind.BOOLEAN) values[name] = defaultValue.value;
  }
  return values;
}

/** False for a selection that @skip or @include takes out. */
export function isIncluded(selection: SelectionNode, variables: Variables): boolean {
  for (const { name, arguments: given } of selection.directives ?? []) {
    if (name.value !== 'skip' && name.value !== 'include') continue;
    const value = given?.[0]?.value;
    const condition =
      value?.kind === Kind.VARIABLE
        ? variables[value.name.value] === true
        : value?.kind === Kind.BOOLEAN && value.value;
    if (condition === (name.value === 'skip')) return false;
  }
  return true;
}
