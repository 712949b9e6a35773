import { flushCompileCache } from 'node:module';
import { startWorker } from '@weft/subgraph';
import { subgraph } from '../src/subgraph.ts';

/**
 * The worker with short patience, for the test that kills it: jobs of a dead worker are given to the next one after
 * seconds instead of a quarter of a minute, and no number of kills may give one up.
 */
const impatient = { expireInSeconds: 2, retryLimit: 100, retryDelayMaxSeconds: 1 };
const jobs = subgraph.jobs?.map((job) => ({ ...job, settings: { ...job.settings, ...impatient } })) ?? [];

process.on('disconnect', () => process.exit(0));
await startWorker({ ...subgraph, jobs }, { timing: { pollMs: 500, superviseMs: 1_000 } });
// Compiled code is kept for the next worker, which a process that is killed does not do at its end.
flushCompileCache();
process.send?.({ type: 'ready' });
