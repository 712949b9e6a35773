import { type DirectiveNode, Kind } from 'graphql';

/** What `@skip` and `@include` come to. Variables are coerced, so a Boolean is true or false. */
export function isIncluded(
  directives: readonly DirectiveNode[] | undefined,
  variables: Readonly<Record<string, unknown>>,
): boolean {
  for (const { name, arguments: given } of directives ?? []) {
    if (name.value !== 'skip' && name.value !== 'include') continue;
    const value = given?.[0]?.value;
    const holds = value?.kind === Kind.VARIABLE ? variables[value.name.value] === true : isTrue(value);
    if (holds === (name.value === 'skip')) return false;
  }
  return true;
}

function isTrue(value: { readonly kind: Kind; readonly value?: unknown } | undefined): boolean {
  return value?.kind === Kind.BOOLEAN && value.value === true;
}
