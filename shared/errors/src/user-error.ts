import type { ErrorCode } from './codes.ts';

export interface UserErrorOptions {
  readonly exitCode?: number;
  readonly code?: ErrorCode;
  readonly cause?: unknown;
}

/** A mistake in what a person gave on the command line or in a file: printed as it is, without a stack. */
export class UserError extends Error {
  override readonly name = 'UserError';
  /** 2 is the exit code for bad input. */
  readonly exitCode: number;
  readonly code: ErrorCode | undefined;

  constructor(message: string, options: UserErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.exitCode = options.exitCode ?? 2;
    this.code = options.code;
  }
}

/** The text of anything that can be thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Prints what ended a command and gives its exit code: the message alone for a user's mistake, everything for a bug. */
export function reportFailure(error: unknown, print: (text: string) => void): number {
  if (error instanceof UserError) {
    print(error.message);
    return error.exitCode;
  }
  print(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return 70;
}
