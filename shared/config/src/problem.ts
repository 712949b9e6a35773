import { UserError } from '@weft/errors';

/** One thing that is wrong with a configuration. */
export interface Problem {
  /** "gateway.yaml:4:12", or the name of a variable. */
  readonly place: string;
  /** The dotted key; absent when the problem is the file's. */
  readonly key?: string;
  readonly text: string;
}

export function configInvalid(problems: readonly Problem[]): UserError {
  const lines = problems.map(({ place, key, text }) => `  ${place}  ${key === undefined ? '' : `${key}: `}${text}`);
  const head =
    problems.length === 1 ? 'The configuration is not valid:' : `The configuration has ${problems.length} problems:`;
  return new UserError([head, ...lines].join('\n'), { code: 'CONFIG_INVALID' });
}
