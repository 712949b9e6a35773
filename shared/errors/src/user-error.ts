/** A mistake in what a person gave on the command line or in a file: printed as it is, without a stack. */
export class UserError extends Error {
  override readonly name = 'UserError';
  /** 2 is the exit code for bad input. */
  readonly exitCode: number;

  constructor(message: string, options: { readonly exitCode?: number; readonly cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.exitCode = options.exitCode ?? 2;
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
