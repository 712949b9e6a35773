import { defineSubgraph } from '@weft/subgraph';
import { {{migration}} } from './database/migrations/0001-{{name}}.ts';
import type { {{Tables}} } from './database/tables.ts';
import { {{entity}} } from './entities/{{entityFile}}.ts';
import { {{loader}} } from './loaders/{{loaderFile}}.ts';
import * as lookups from './operations/{{entityFile}}.ts';

/** {{Entity}} by {{key}}. A row lies in {{shardKey}}. */
export const subgraph = defineSubgraph<{{Tables}}>({
  name: '{{name}}',
  directory: new URL('..', import.meta.url),
  resolvers: {
    Query: { ...lookups },
    {{Entity}}: {{entity}},
  },
  migrations: [{{migration}}],
  loaders: [{{loader}}],
});
