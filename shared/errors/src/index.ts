export { ERROR_CODES, type ErrorCode, isErrorCode } from './codes.ts';
export { GraphError, isGraphError } from './graph-error.ts';
export { messageOf, reportFailure, UserError } from './user-error.ts';
