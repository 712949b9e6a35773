import type { Migration } from '@weft/database';
import { jobsMigration } from '@weft/queue';

/** pg-boss in the schema orders_jobs, with the queue of the shipping job. */
export const jobs: Migration = jobsMigration({ subgraph: 'orders', name: '0002-jobs', jobs: ['shipping'] });
