/** A process that starts a fleet and waits: what a test kills. Argument: the options of startFleet as JSON. */
import { UserError } from '@weft/errors';
import { startFleet } from '@weft/postgres';

const say = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`);
try {
  const fleet = await startFleet({
    ...JSON.parse(process.argv[2] ?? '{}'),
    onProgress: (text: string) => say({ progress: text }),
  });
  say({ pids: fleet.servers.map(({ pid }) => pid), keeper: fleet.keeperPid() });
  process.stdin.on('end', () => void fleet.stop().then(() => process.exit(0)));
  process.stdin.resume();
} catch (error) {
  say({ failed: error instanceof UserError ? error.message : String(error), user: error instanceof UserError });
  process.exit(1);
}
