import type { ParseArgsOptionDescriptor } from 'node:util';

/** One option of a command. Everything that `--help` says of it is here. */
export interface Flag extends ParseArgsOptionDescriptor {
  /** What stands for the value in the help; none for a switch. */
  readonly value?: string;
  readonly help: string;
}

export type FlagValues = Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>;

/** Where a command reads and writes. Data goes to `out`, progress and mistakes to `progress`. */
export interface Terminal {
  readonly directory: string;
  out(text: string): void;
  progress(text: string): void;
}

/** A sub-command of `weft`. Its module is loaded only when it is asked for. */
export interface Command {
  /** What follows `weft NAME` on the usage line. */
  readonly usage: string;
  readonly about: string;
  readonly flags: Readonly<Record<string, Flag>>;
  /** Shown by `--help`; each can be pasted in the root of the repo. */
  readonly examples: readonly string[];
  /** Takes the arguments as they are, `--help` too: the command of another package with options of its own. */
  readonly passThrough?: (args: readonly string[]) => Promise<number>;
  /** How many words without `--` are taken. */
  readonly words?: { readonly least: number; readonly most: number };
  /** 0 done, 1 the answer is no, 2 bad input (thrown as UserError). */
  run(flags: FlagValues, words: readonly string[], terminal: Terminal): Promise<number>;
}
