import type { GraphQLSchema } from 'graphql';
import type { ProgramContext } from '../objects/step-program.ts';

/** What operations of one supergraph are compiled with. */
export interface CompileContext extends ProgramContext {
  /** What clients see. */
  readonly schema: GraphQLSchema;
  /** False: operations run over objects, and no code is generated. */
  readonly generateCode: boolean;
}
