import type { Migration } from '@weft/database';
import { jobsMigration } from '@weft/queue';

/** pg-boss in the schema inventory_jobs, with the queue of the job that tells orders what was reserved. */
export const jobs: Migration = jobsMigration({ subgraph: 'inventory', name: '0003-jobs', jobs: ['tell-orders'] });
