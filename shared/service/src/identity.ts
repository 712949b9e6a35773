/** Who a request is made for. */
export interface Identity {
  /** The user's id. */
  readonly subject: string;
  readonly scopes: readonly string[];
  /** How the user signs what they write, when the token of the client says it (`preferred_username`). */
  readonly username?: string;
}
