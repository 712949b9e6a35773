import type { FieldResolver } from '@weft/subgraph';
import type { {{Tables}} } from '../database/tables.ts';
import { {{loader}} } from '../loaders/{{loaderFile}}.ts';

export const {{entity}}: FieldResolver<{{Tables}}> = (_root, { {{key}} }: { {{key}}: string }, { session }) =>
  session.load({{loader}}, {{key}});
