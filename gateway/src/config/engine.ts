import { z } from 'zod';

/** `engine:` in gateway.yaml. */
export const engine = z
  .enum(['apollo', 'weft'])
  .default('weft')
  .describe(
    'What plans and runs operations. weft: our own execution of corrected plans, in fewer requests and over bytes. apollo: planning and execution of @apollo/gateway, the engine that weft is held against.',
  );
