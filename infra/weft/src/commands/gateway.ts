import { isAbsolute, resolve } from 'node:path';
import { UserError } from '@weft/errors';
import type { Command, FlagValues, Terminal } from '../command.ts';

export const gatewayCommand: Command = {
  usage: '--supergraph FILE [--port N] [--host ADDRESS] [--config FILE]',
  about:
    'Starts one gateway on a supergraph file, which is watched. The subgraphs are those that the file names; they need\n' +
    'not be ours. Options win over the environment (WEFT_...), the environment over the configuration file.',
  flags: {
    supergraph: { type: 'string', value: 'FILE', help: 'The supergraph.' },
    port: { type: 'string', value: 'N', help: 'Port to listen on; 0 takes a free one. Default: 4000.' },
    host: { type: 'string', value: 'ADDRESS', help: 'Address to listen on. Default: 127.0.0.1.' },
    config: { type: 'string', value: 'FILE', help: 'gateway.yaml; every key is described in docs/config.md.' },
  },
  examples: [
    'weft gateway --supergraph schema/supergraph.graphql --port 4000',
    'WEFT_MODE=development weft gateway --supergraph theirs.graphql --port 0',
  ],
  run,
};

/** Ends with the process: the gateway drains on SIGTERM and SIGINT. */
async function run(flags: FlagValues, _words: readonly string[], terminal: Terminal): Promise<number> {
  const { environment } = await import('@weft/config');
  const { runGateway } = await import('@weft/gateway');
  checkPort(flags.port);
  const given = {
    WEFT_SUPERGRAPH_FILE: pathOf(flags.supergraph, terminal.directory),
    WEFT_PORT: flags.port,
    WEFT_HOST: flags.host,
  };
  const variables: NodeJS.ProcessEnv = { ...environment(), ...definedOf(given) };
  if (variables.WEFT_SUPERGRAPH_FILE === undefined && flags.config === undefined) {
    throw new UserError('weft gateway: which supergraph? Name it with --supergraph FILE, or in a file with --config.');
  }
  const file = pathOf(flags.config, terminal.directory);
  if (file === undefined && !variables.WEFT_SECRETS && !variables.WEFT_UNSIGNED) {
    // A supergraph alone can name anybody's subgraphs; a configuration file has to decide it.
    variables.WEFT_UNSIGNED = 'true';
    terminal.progress('Nothing is signed: subgraphs of Weft refuse this gateway. Name their secrets in WEFT_SECRETS.');
  }
  const url = await runGateway({ environment: variables, ...(file === undefined ? {} : { file }) });
  terminal.out(`The gateway serves at ${url}`);
  return 0;
}

/** Here and not with the rest of the configuration, which would tell it of a variable that nobody set. */
function checkPort(port: FlagValues[string]): void {
  if (typeof port !== 'string' || (/^\d{1,5}$/.test(port) && Number(port) <= 65_535)) return;
  throw new UserError(`--port: read "${port}". Allowed: a whole number from 0 to 65535.`);
}

function pathOf(flag: FlagValues[string], directory: string): string | undefined {
  if (typeof flag !== 'string') return undefined;
  return isAbsolute(flag) ? flag : resolve(directory, flag);
}

function definedOf(values: Readonly<Record<string, FlagValues[string]>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  );
}
