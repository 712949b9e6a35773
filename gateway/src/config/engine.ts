import { z } from 'zod';

/** `engine:` in gateway.yaml. */
export const engine = z
  .enum(['apollo'])
  .default('apollo')
  .describe('What plans and runs operations. apollo: planning and execution of @apollo/gateway.');
