import { {{route}}, defineRowLoader } from '@weft/database';
import type { {{Tables}} } from '../database/tables.ts';

export const {{loader}} = defineRowLoader<{{Tables}}>()({
  name: '{{loader}}',
  route: {{route}},
  statement: (db, keys) => db.selectFrom('{{name}}.{{table}}').select(['{{key}}', 'name']).where('{{key}}', '=', keys.any()),
  keyOf: (row) => row.{{key}},
  cache: { tag: '{{Entity}}', ttlMs: 30_000 },
});
