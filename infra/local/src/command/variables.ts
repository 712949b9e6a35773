import { KNOWN_VARIABLES, unknownVariables } from '@weft/config';
import { UserError } from '@weft/errors';

/** The one variable that reaches the processes of the graph; the others are set for each of them here. */
export const PASSED_ON = 'WEFT_LOG_LEVEL';

/** Of those that are set by hand now and then, the option that does the same. */
const OPTION_FOR: Readonly<Record<string, string>> = {
  WEFT_PORT: '--port',
  WEFT_REDIS_URL: '--redis',
  WEFT_OTLP_URL: '--otlp',
  WEFT_MODE: '--production',
  WEFT_JWKS_FILE: '--jwks',
  WEFT_JWT_ISSUER: '--issuer',
  WEFT_JWT_AUDIENCE: '--audience',
};

/** Not settings of a process: tests read them. */
const OF_TESTS = ['WEFT_REQUIRE_TOOLS', 'WEFT_CORPUS'];

/**
 * A line for each variable that is set and has no effect here. Throws UserError for one that nothing of Weft reads: it
 * is misspelt, and would otherwise pass unnoticed.
 */
export function checkVariables(variables: NodeJS.ProcessEnv): string[] {
  const unknown = unknownVariables(variables, [PASSED_ON, ...Object.keys(OPTION_FOR)]);
  if (unknown.length > 0) {
    throw new UserError(unknown.map(({ place, text }) => `npm start: ${place}: ${text}`).join('\n'));
  }
  return KNOWN_VARIABLES.filter((name) => variables[name] && name !== PASSED_ON && !OF_TESTS.includes(name)).map(
    (name) => {
      const option = OPTION_FOR[name];
      return `${name} is set, but npm start does not read it${option === undefined ? '' : `; use ${option}`}.`;
    },
  );
}
