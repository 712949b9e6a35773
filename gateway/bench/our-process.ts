import { environment } from '@weft/config';
import { createGateway, toGatewayConfig } from '../src/index.ts';
import { tellCpu } from './tell-cpu.ts';

const file = environment().SUPERGRAPH_FILE ?? '';
const gateway = await createGateway(
  toGatewayConfig({
    supergraph: { file },
    http: { port: 0 },
    secrets: 'a secret of the bench',
    telemetry: { logLevel: 'warn' },
  }),
);
tellCpu(gateway.url);
