/** What the keeper is asked, one JSON line each on its standard input. */
export type KeeperRequest =
  | ({ readonly do: 'start' } & PostmasterStart)
  /** Looks after a postmaster that an earlier keeper left running. */
  | { readonly do: 'adopt'; readonly name: string; readonly follows: boolean; readonly pid: number }
  /** Ends postmasters: those that follow first, then the others. */
  | { readonly do: 'stop'; readonly names: readonly string[] };

/** How one postmaster is started. */
export interface PostmasterStart {
  readonly name: string;
  /** A replica. */
  readonly follows: boolean;
  readonly program: string;
  readonly directory: string;
  /** File that its log is appended to. */
  readonly log: string;
  readonly uid?: number;
  readonly gid?: number;
  readonly env: Readonly<Record<string, string>>;
}

/** What it answers and reports, one JSON line each on its standard output. */
export type KeeperReport =
  | { readonly id: number; readonly pid?: number; readonly error?: string }
  | { readonly exited: string; readonly pid: number };

/** Splits a stream of text into its lines, which arrive in pieces. */
export function eachLine(onLine: (line: string) => void): (piece: Buffer | string) => void {
  let rest = '';
  return (piece) => {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line !== '') onLine(line);
  };
}
