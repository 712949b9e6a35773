import { nearestKey } from '@weft/config';
import { UserError } from '@weft/errors';
import {
  type DocumentNode,
  type GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  parse,
  Source,
  validate,
} from 'graphql';

export interface AskedOperation {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
}

/** The operation that is meant, in a file of one or several. Throws UserError with file, line and column of what is wrong. */
export function readOperation(
  { file, text, name }: { readonly file: string; readonly text: string; readonly name: string | undefined },
  schema: GraphQLSchema,
): AskedOperation {
  const document = parsed(text, file);
  const problems = validate(schema, document);
  if (problems.length > 0) throw invalid(file, problems);
  return { document, operation: named(document, { file, name }) };
}

function parsed(text: string, file: string): DocumentNode {
  try {
    return parse(new Source(text, file));
  } catch (error) {
    throw invalid(file, [error as GraphQLError]);
  }
}

function invalid(file: string, problems: readonly GraphQLError[]): UserError {
  const lines = problems.map(({ message, locations }) => {
    const [at] = locations ?? [];
    return `${file}${at === undefined ? '' : `:${at.line}:${at.column}`}  ${message}`;
  });
  return new UserError(lines.join('\n'));
}

function named(
  { definitions }: DocumentNode,
  { file, name }: { readonly file: string; readonly name: string | undefined },
): OperationDefinitionNode {
  const operations = definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  const names = operations.map((operation) => operation.name?.value ?? '').filter((text) => text !== '');
  const [first] = operations;
  if (first === undefined) throw new UserError(`${file} has no operation.`);
  if (name === undefined) {
    if (operations.length === 1) return first;
    throw new UserError(`${file} has ${operations.length} operations: say which with --name: ${names.join(', ')}.`);
  }
  const found = operations.find((operation) => operation.name?.value === name);
  if (found !== undefined) return found;
  const near = nearestKey(name, names, []);
  const meant = near === undefined ? `It has: ${names.join(', ') || 'one without a name'}.` : `Did you mean ${near}?`;
  throw new UserError(`--name: read "${name}", but ${file} has no such operation. ${meant}`);
}
