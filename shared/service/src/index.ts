export { checkDocument } from './check-document.ts';
export { type DocumentLimits, documentLimits } from './document-limits.ts';
export type { Checks } from './health.ts';
export type { Identity } from './identity.ts';
export { INTERNAL_HEADERS, readDeadline } from './internal-headers.ts';
export { type MetricsServer, type MetricsServerOptions, startMetricsServer } from './metrics-server.ts';
export { readBody } from './read-body.ts';
export { parseJsonBody, readSignedBody } from './read-signed-body.ts';
export {
  createRequestSigner,
  createRequestVerifier,
  type RequestVerifier,
} from './request-signature.ts';
export { sendError } from './send-error.ts';
export { createService, type MetricsPlace, type Service, type ServiceOptions } from './service.ts';
export { stopOnSignal } from './stop-on-signal.ts';
export { createUserTokens, type UserTokens } from './user-tokens.ts';
export { createWriteTokens, mergeWriteTokens, type WriteTokens } from './write-tokens.ts';
