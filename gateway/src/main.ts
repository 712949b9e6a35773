import { reportFailure } from '@weft/errors';
import { stopOnSignal } from '@weft/service';
import { loadGatewayConfig } from './config/index.ts';
import { createGateway } from './gateway.ts';

const [, , file] = process.argv;

try {
  const gateway = await createGateway(loadGatewayConfig(file === undefined ? {} : { file }));
  stopOnSignal(gateway.service);
  // what daemons do by habit; the files are watched as well
  process.on('SIGHUP', () => void gateway.reload());
} catch (error) {
  process.exitCode = reportFailure(error, (text) => process.stderr.write(`${text}\n`));
}
