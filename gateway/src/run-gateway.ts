import cluster from 'node:cluster';
import { reportFailure } from '@weft/errors';
import { type Service, stopOnSignal } from '@weft/service';
import { WorkerEnded } from './cluster/member.ts';
import { startPrimary } from './cluster/primary.ts';
import { runWorker } from './cluster/worker.ts';
import { type GatewayConfig, loadGatewayConfig } from './config/index.ts';
import { createGateway } from './gateway.ts';

export interface RunOptions {
  /** gateway.yaml. */
  readonly file?: string;
  /** Instead of the environment of the process. */
  readonly environment?: NodeJS.ProcessEnv;
}

/**
 * A gateway that is all its process does: alone, or with workers when the configuration says so. It ends with the process,
 * looks at its files at SIGHUP, and restarts its workers at SIGUSR2. Resolves when it serves, with its address.
 *
 * @throws UserError
 */
export async function runGateway({ file, environment }: RunOptions = {}): Promise<string> {
  const load = () =>
    loadGatewayConfig({ ...(file !== undefined && { file }), ...(environment !== undefined && { environment }) });
  const config = load();
  if (cluster.isWorker) return await asWorker(config);
  if (config.workers === undefined) {
    const { url, service, reload, telemetry } = await createGateway(config);
    onSignals(service, reload, () => telemetry.log.warn('SIGUSR2 restarts workers, and there are none.'));
    return url;
  }
  try {
    const { url, service, reload, restart } = await startPrimary({ load, file, environment });
    onSignals(service, reload, () => void restart());
    return url;
  } catch (error) {
    // the worker has told why
    if (error instanceof WorkerEnded) process.exit(error.exitCode ?? 1);
    throw error;
  }
}

/** What a worker listens to would keep it alive when it cannot start. */
async function asWorker(config: GatewayConfig): Promise<string> {
  try {
    const { url, service, reload } = await runWorker(config);
    onSignals(service, reload, () => undefined);
    return url;
  } catch (error) {
    process.exit(reportFailure(error, (text) => process.stderr.write(`${text}\n`)));
  }
}

function onSignals(service: Service, reload: () => Promise<void> | void, restart: () => void): void {
  stopOnSignal(service);
  // what daemons do by habit; the files are watched as well
  process.on('SIGHUP', () => void reload());
  process.on('SIGUSR2', restart);
}
