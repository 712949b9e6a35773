/** What the page reads at start, from `config.json` beside it. */
export interface ConsoleConfig {
  /** A path of the page's own origin: the policy of the page lets it talk to no other. */
  readonly endpoint: string;
  readonly tabs: readonly ConsoleTab[];
  /** JSON text for the headers pane of every tab: a demo user's authorization. The page never stores it. */
  readonly headers?: string;
}

/** One sample operation; its tab is called after the operation. */
export interface ConsoleTab {
  readonly query: string;
  /** JSON text. */
  readonly variables?: string;
  /** JSON text, instead of the headers of all tabs. */
  readonly headers?: string;
}
