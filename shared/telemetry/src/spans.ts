/** Every span that our own code makes, and what it stands for. Parents are drawn in docs/lifecycle.md. */
export const SPANS = {
  gatewayOperation: 'gateway.operation',
  gatewayPlan: 'gateway.plan',
  gatewayFetch: 'gateway.fetch',
  subgraphOperation: 'subgraph.operation',
  /** A field of an operation that loads rows; one span for all its objects. */
  subgraphField: 'subgraph.field',
  subgraphBatch: 'subgraph.batch',
  databaseStatement: 'database.statement',
  databaseWrite: 'database.write',
  /** An event that another subgraph sent. */
  subgraphEvent: 'subgraph.event',
  queueRelay: 'queue.relay',
  queueJob: 'queue.job',
} as const;

/** Every attribute of them. The names of OpenTelemetry's conventions where it has one. */
export const ATTRIBUTES = {
  operationName: 'graphql.operation.name',
  operationType: 'graphql.operation.type',
  subgraph: 'weft.subgraph',
  fetchPath: 'weft.fetch.path',
  /** Product.reviews */
  field: 'weft.field',
  loader: 'weft.loader',
  batchKeys: 'weft.batch.keys',
  shard: 'weft.shard',
  /** primary or replica */
  server: 'weft.server',
  rows: 'weft.rows',
  /** hit, miss or partial */
  cache: 'weft.cache',
  client: 'weft.client',
  errorCode: 'weft.error.code',
  httpMethod: 'http.request.method',
  httpStatus: 'http.response.status_code',
  statement: 'db.query.text',
  topic: 'weft.topic',
  job: 'weft.job',
} as const;
