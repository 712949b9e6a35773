export {
  GATEWAY_VARIABLES,
  type GatewayConfig,
  type GatewayConfigInput,
  gatewayConfig,
  loadGatewayConfig,
  toGatewayConfig,
} from './config/index.ts';
export { explainOperation } from './explain/explain-operation.ts';
export { createGateway, type Gateway } from './gateway.ts';
export { CONSOLE_CSP } from './http/console.ts';
export { type RunOptions, runGateway } from './run-gateway.ts';
