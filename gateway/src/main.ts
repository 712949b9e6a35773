import { reportFailure } from '@weft/errors';
import { runGateway } from './run-gateway.ts';

const [, , file] = process.argv;

try {
  await runGateway(file === undefined ? {} : { file });
} catch (error) {
  process.exitCode = reportFailure(error, (text) => process.stderr.write(`${text}\n`));
}
