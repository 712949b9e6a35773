/** What a server of ours allows a connection. Stock Node would wait five minutes for a slow request. */
export const CONNECTION_LIMITS = {
  maxHeaderSize: 64 * 1_024,
  headersTimeout: 5_000,
  requestTimeout: 10_000,
  /** Longer than the clients' keep-alive, so that it is always the client that ends an idle connection. */
  keepAliveTimeout: 65_000,
  /** Node looks at the two timeouts so often; by default every 30 seconds. */
  connectionsCheckingInterval: 1_000,
} as const;
