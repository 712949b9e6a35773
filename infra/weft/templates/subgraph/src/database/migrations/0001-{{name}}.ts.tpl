import type { Migration } from '@weft/database';

export const {{migration}}: Migration = {
  name: '0001-{{name}}',
  statements: [
    `create table {{name}}.{{table}} (
       {{key}} {{columnType}} primary key,
       name text not null
     )`,
  ],
};
