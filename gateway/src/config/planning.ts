import { byteSize, duration } from '@weft/config';
import { z } from 'zod';

/** `planning:` in gateway.yaml. */
export const planning = z
  .strictObject({
    planner: z
      .enum(['apollo', 'native'])
      .default('apollo')
      .describe(
        'What plans operations. apollo: @apollo/query-planner with its faults mended. native (experimental): @graphql-hive/router-query-planner, faster for operations that were not seen before, for Linux with glibc and macOS only; it refuses more operations.',
      ),
    timeout: duration('3s').describe(
      'Longest time of a processor for the plan of one operation. Plans are made in threads of their own, so that nobody else waits.',
    ),
    maxMemoryBytes: byteSize('256MiB', { min: '16MiB' }).describe(
      'Most memory for the plan of one operation; an operation whose plan needs more is refused.',
    ),
    warmUp: z
      .int()
      .min(0)
      .max(1_000)
      .default(200)
      .describe(
        'Operations, the most used ones, that are planned on another supergraph before it is swapped in. 0: none are.',
      ),
    warmUpTimeout: duration('10s').describe('Longest time for that; then the supergraph is swapped in as it is.'),
  })
  .prefault({})
  .describe('How the engine weft plans operations.');
