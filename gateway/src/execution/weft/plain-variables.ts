import { Kind, type TypeNode, type VariableDefinitionNode } from 'graphql';

type Check = (value: unknown) => boolean;

const MOST_INT = 2 ** 31;

/** Values of scalars of the specification that are themselves what they are coerced to. */
const PLAIN: Readonly<Record<string, Check>> = {
  ID: (value) => typeof value === 'string',
  String: (value) => typeof value === 'string',
  Boolean: (value) => typeof value === 'boolean',
  Int: (value) => Number.isInteger(value) && (value as number) < MOST_INT && (value as number) >= -MOST_INT,
  Float: (value) => typeof value === 'number' && Number.isFinite(value),
};

/**
 * True when every variable is given as a plain value of its type, so that nothing has to be coerced and nothing can be
 * wrong; false: whoever knows the schema must look.
 */
export function plainVariables(
  definitions: readonly VariableDefinitionNode[],
): (variables: Readonly<Record<string, unknown>>) => boolean {
  const checks = definitions.map(({ variable, type }) => ({ name: variable.name.value, check: checkOf(type) }));
  return (variables) => {
    for (let index = 0; index < checks.length; index += 1) {
      const { name, check } = checks[index] as (typeof checks)[number];
      if (!Object.hasOwn(variables, name) || !check(variables[name])) return false;
    }
    return true;
  };
}

function checkOf(type: TypeNode): Check {
  const named = type.kind === Kind.NON_NULL_TYPE ? type.type : type;
  const name = named.kind === Kind.NAMED_TYPE ? named.name.value : '';
  return (Object.hasOwn(PLAIN, name) ? PLAIN[name] : undefined) ?? (() => false);
}
