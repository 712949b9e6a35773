/** The server of bench/entities.ts, in a process of its own. */
import { startSubgraph } from '@weft/subgraph';
import { subgraph } from '../src/index.ts';

const { url } = await startSubgraph(subgraph);
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.({ cpuMicroseconds: user + system });
});
process.on('disconnect', () => process.exit(0));
process.send?.({ url });
