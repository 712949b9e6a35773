import { readFileSync } from 'node:fs';
import { UserError } from '@weft/errors';
import type { z } from 'zod';
import { environment } from './environment.ts';
import { explainIssue, type Given, valueAt } from './explain-issue.ts';
import { unknownVariables } from './known-variables.ts';
import { configInvalid, type Problem } from './problem.ts';
import { definitionOf, dottedKeys, schemaAt, unwrap } from './schema-tree.ts';
import { overlay, readVariables } from './variables.ts';
import { readYaml } from './yaml-source.ts';

export interface LoadConfigOptions<S extends z.ZodType> {
  readonly schema: S;
  /** The YAML file to read. With `text` only its name, for the problems. */
  readonly file?: string;
  readonly text?: string;
  /** Which variable stands for which key: `{ WEFT_PORT: 'http.port' }`. A variable wins over the file. */
  readonly env?: Readonly<Record<string, string>>;
  readonly environment?: NodeJS.ProcessEnv;
}

/**
 * The configuration of a process: file, then variables over it, then the schema.
 * Throws one `UserError` (CONFIG_INVALID) that lists every problem at once: where, which key, what was read, what is allowed.
 */
export function loadConfig<S extends z.ZodType>(options: LoadConfigOptions<S>): z.output<S> {
  const { schema } = options;
  refuseLooseObjects(schema);
  const table = options.env ?? {};
  const source = readYaml(options.text ?? readText(options.file), options.file ?? 'configuration');
  const variables = readVariables(schema, table, options.environment ?? environment());
  if (source.problems.length > 0) throw configInvalid(source.problems);
  const value = overlay(source.value, variables);
  const result = schema.safeParse(value);
  const given = { schema, value, source, variables, table };
  const problems = [
    ...(result.success ? [] : result.error.issues.flatMap((issue) => explainIssue(issue, given))),
    ...hiddenProblems(given),
    ...(options.env === undefined ? [] : unknownVariables(options.environment ?? environment(), Object.keys(table))),
  ];
  if (result.success && problems.length === 0) return result.data;
  throw configInvalid(inFileOrder(problems));
}

/** What is wrong in the file under the keys that variables stand over: the day a variable is taken away it would surprise. */
function hiddenProblems(given: Given): Problem[] {
  const { schema, source, variables } = given;
  const isHidden = (path: readonly PropertyKey[]): boolean =>
    variables.some((set) => set.path.every((step, index) => step === String(path[index]))) &&
    valueAt(source.value, path) !== undefined;
  const result = schema.safeParse(source.value);
  const issues = result.success ? [] : result.error.issues.filter(({ path }) => isHidden(path));
  return issues.flatMap((issue) => explainIssue(issue, { ...given, value: source.value, variables: [] }));
}

function readText(file: string | undefined): string {
  if (file === undefined) return '';
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : String(error);
    throw new UserError(`The configuration file ${file} cannot be read: ${reason}.`, { code: 'CONFIG_INVALID' });
  }
}

/** By line and column as a person reads the file; problems of variables keep their order at the end. */
function inFileOrder(problems: readonly Problem[]): Problem[] {
  const position = ({ place }: Problem): number => {
    const [, line, column] = /:(\d+):(\d+)$/.exec(place) ?? [];
    return line === undefined ? Number.MAX_SAFE_INTEGER : Number(line) * 100_000 + Number(column);
  };
  return [...problems].sort((a, b) => position(a) - position(b));
}

/** An object schema that is not strict would drop a misspelt key in silence; that is a bug of the schema. */
function refuseLooseObjects(schema: z.ZodType): void {
  for (const key of ['', ...dottedKeys(schema)]) {
    const at = key === '' ? schema : schemaAt(schema, key.split('.'));
    const definition = at && definitionOf(unwrap(at));
    if (definition?.type !== 'object') continue;
    const rest = definition.catchall && definitionOf(definition.catchall).type;
    if (rest !== 'never')
      throw new Error(`the schema of "${key}" must be z.strictObject, so that unknown keys are refused`);
  }
}
