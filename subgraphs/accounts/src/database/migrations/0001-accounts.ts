import type { Migration } from '@weft/database';

export const accounts: Migration = {
  name: '0001-accounts',
  statements: [
    `create table accounts.account (
       id bigint primary key,
       username text not null,
       name text not null,
       email text not null,
       member_since timestamptz not null
     )`,
    `create table accounts.address (
       id bigint primary key,
       user_id bigint not null references accounts.account (id) on delete cascade,
       label text not null,
       street text not null,
       city text not null,
       postal_code text not null,
       country char(2) not null
     )`,
    'create index address_user on accounts.address (user_id, id)',
    // A username is unique in the whole marketplace, which no index of one shard can say: this table lies by the name.
    `create table accounts.username_lookup (
       username text primary key,
       user_id bigint not null
     )`,
  ],
};
