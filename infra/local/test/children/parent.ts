/** A parent that starts one child and waits to be killed. Arguments: the child's program and log. */
import { launch } from '../../src/children/child.ts';

const [program = '', log = ''] = process.argv.slice(2);
const { process: child, ready } = launch({
  name: 'child',
  kind: 'subgraph',
  of: 'child',
  program,
  log,
  environment: { PATH: '/usr/bin:/bin' },
});
ready.catch(() => {});
process.stdout.write(`${child.pid}\n`);
