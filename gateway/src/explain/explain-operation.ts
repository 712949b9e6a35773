import { isGraphError, UserError } from '@weft/errors';
import { Kind, type OperationDefinitionNode } from 'graphql';
import { createEngineContext } from '../execution/weft/engine-context.ts';
import { planAndCompile } from '../execution/weft/planned-operation.ts';
import { printPlan } from './print-plan.ts';
import { readOperation } from './read-operation.ts';

export interface ExplainRequest {
  readonly supergraphSdl: string;
  /** The document, and the file that it is from, for messages. */
  readonly text: string;
  readonly file: string;
  /** Which operation of it; undefined: the only one. */
  readonly name: string | undefined;
}

/** How the engine `weft` runs an operation, for a person to read. */
export interface Explained {
  readonly plan: string;
  /** The generated program; undefined where the operation runs over objects. */
  readonly code: string | undefined;
}

/**
 * Plans and compiles an operation as a gateway on this supergraph would, and sends nothing. A plan that depends on `@skip`
 * or `@include` is the one for the default values of the variables.
 *
 * @throws UserError for a document, a name or a supergraph that cannot be used, with its place.
 */
export async function explainOperation(request: ExplainRequest): Promise<Explained> {
  try {
    return await explain(request);
  } catch (error) {
    throw isGraphError(error) ? new UserError(`${request.file}: ${error.code}  ${error.message}`) : error;
  }
}

async function explain({ supergraphSdl, ...asked }: ExplainRequest): Promise<Explained> {
  const context = await createEngineContext(supergraphSdl);
  try {
    const { document, operation } = readOperation(asked, context.schema);
    const isTrue = (variable: string): boolean => isTrueByDefault(operation, variable);
    const planned = await planAndCompile(document, operation.name?.value, { context, isTrue });
    const { program } = planned;
    return { plan: printPlan(operation, planned), code: 'code' in program ? program.code.trimEnd() : undefined };
  } finally {
    await context.planning.stop();
  }
}

const isTrueByDefault = ({ variableDefinitions = [] }: OperationDefinitionNode, name: string): boolean =>
  variableDefinitions.some(
    ({ variable, defaultValue }) =>
      variable.name.value === name && defaultValue?.kind === Kind.BOOLEAN && defaultValue.value,
  );
