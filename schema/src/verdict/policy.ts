import { z } from 'zod';

const share = (fallback: number) => z.number().min(0).max(1).default(fallback);

/** `check:` in the list of subgraphs. */
export const checkPolicy = z
  .strictObject({
    variant: z.string().min(1).default('main').describe('Part of the fingerprint of approvals.'),
    operations: z
      .enum(['complete', 'partial', 'auto'])
      .default('auto')
      .describe(
        'Whether the known operations are all that clients send. `auto`: with usage, what its coverage says; without, yes when there are any.',
      ),
    strictClients: z
      .array(z.string())
      .default([])
      .describe('Clients that fail on null or on a value they do not know; "*" is all.'),
    excludeClients: z.array(z.string()).default([]).describe('Clients whose usage does not count.'),
    minimumCount: z.int().min(0).default(1).describe('An operation that was seen less often counts as unused.'),
    minimumShare: share(0).describe('Of all requests in the window; below it an operation counts as unused.'),
    coverage: share(0.9).describe('Share of the hours of the window with reports; below it usage is unknown.'),
    budget: z
      .strictObject({
        fetches: z.int().min(1).optional().describe('Most fetches of one operation.'),
        depth: z.int().min(1).optional().describe('Most fetches that wait for each other.'),
        addedFetches: z.int().min(0).optional().describe('Most fetches that a change may add to an operation.'),
        addedDepth: z.int().min(0).optional().describe('Most waves that a change may add to an operation.'),
        maxAge: z.int().min(0).optional().describe('Least seconds that a cacheable answer may keep.'),
      })
      .default({})
      .describe('A plan or an answer that gets worse fails over these; within them it warns.'),
  })
  .default({
    variant: 'main',
    operations: 'auto',
    strictClients: [],
    excludeClients: [],
    minimumCount: 1,
    minimumShare: 0,
    coverage: 0.9,
    budget: {},
  })
  .describe('What a check forgives.');

export type CheckPolicy = z.infer<typeof checkPolicy>;

/** What holds when nothing is said. */
export const DEFAULT_POLICY: CheckPolicy = checkPolicy.parse(undefined);
