/** The environment of this process. The only place that reads it, so that what a process depends on can be found. */
export function environment(): NodeJS.ProcessEnv {
  return process.env;
}
