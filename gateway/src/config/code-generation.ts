import { z } from 'zod';

/** `codeGeneration:` in gateway.yaml. */
export const codeGeneration = z
  .boolean()
  .default(true)
  .describe(
    'Whether the engine weft may generate a program for an operation that it has seen before. Without it, and where the process may not generate code, operations run over objects: the same answers, for several times the CPU.',
  );
