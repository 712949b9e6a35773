/** Columns as Postgres gives them: bigint and times as text. */
export interface AccountTable {
  id: string;
  username: string;
  name: string;
  email: string;
  member_since: string;
}

/** Its id has the bucket of the user, so both lie on one shard. */
export interface AddressTable {
  id: string;
  user_id: string;
  label: string;
  street: string;
  city: string;
  postal_code: string;
  country: string;
}

/** Lies in the bucket of the username's hash and says whose it is. */
export interface UsernameLookupTable {
  username: string;
  user_id: string;
}

export interface AccountsTables {
  'accounts.account': AccountTable;
  'accounts.address': AddressTable;
  'accounts.username_lookup': UsernameLookupTable;
}
