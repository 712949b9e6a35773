import { statementName } from './compile/statement.ts';

/** Every name is a plan that each connection keeps; an owner who writes values into SQL must not fill Postgres with them. */
const MOST_NAMES = 500;

/** Names for statements that are built at each call; undefined beyond a bound: such a statement is not kept by Postgres. */
export function createStatementNames(): { nameOf(sql: string): string | undefined } {
  const names = new Map<string, string>();
  return {
    nameOf(sql) {
      let name = names.get(sql);
      if (name === undefined && names.size < MOST_NAMES) {
        name = statementName(sql);
        names.set(sql, name);
      }
      return name;
    },
  };
}
