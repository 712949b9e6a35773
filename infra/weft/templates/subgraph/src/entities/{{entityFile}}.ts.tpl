import { entityKey, type TypeResolvers } from '@weft/subgraph';
import type { {{Tables}} } from '../database/tables.ts';
import { {{loader}} } from '../loaders/{{loaderFile}}.ts';

export const {{entity}}: TypeResolvers<{{Tables}}> = {
  __resolveReference: (representation, { session }) => session.load({{loader}}, entityKey(representation, '{{key}}')),
};
