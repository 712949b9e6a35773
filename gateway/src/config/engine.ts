import { z } from 'zod';

/** `engine:` in gateway.yaml. */
export const engine = z
  .enum(['apollo', 'weft'])
  .default('apollo')
  .describe(
    'What plans and runs operations. apollo: planning and execution of @apollo/gateway. weft (experimental, being proven): our own execution of corrected plans, in fewer requests.',
  );
