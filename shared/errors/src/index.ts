export { ERROR_CODES, type ErrorCode, type ErrorCodeRow, isErrorCode } from './codes.ts';
export { errorsDocument } from './errors-document.ts';
export { GraphError, type GraphErrorOptions, isGraphError } from './graph-error.ts';
export { messageOf, reportFailure, UserError, type UserErrorOptions } from './user-error.ts';
