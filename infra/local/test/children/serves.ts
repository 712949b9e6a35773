/** A child that serves nothing but says that it does; told by messages how to end. */
import { appendFileSync } from 'node:fs';

const { NAME = '', ORDER_FILE = '', START_COUNT_FILE = '', FAIL_FIRST = '' } = process.env;
if (START_COUNT_FILE) appendFileSync(START_COUNT_FILE, 'x');
if (FAIL_FIRST) {
  process.stderr.write('{"level":50,"msg":"no such shard map"}\n');
  process.exit(2);
}
process.on('SIGINT', () => {
  if (ORDER_FILE) appendFileSync(ORDER_FILE, `${NAME}\n`);
  process.exit(0);
});
process.on('disconnect', () => process.exit(0));
process.send?.({ type: 'listening', url: `http://127.0.0.1:1/${process.pid}` });
setInterval(() => {}, 1_000);
