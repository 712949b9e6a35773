import { configTable, describeConfig } from '@weft/config';
import { GATEWAY_VARIABLES, gatewayConfig } from './index.ts';

/** The text of docs/config.md, printed from the schema that reads the file. */
export function configText(): string {
  return `# Configuration of the gateway

Printed from the schema in \`gateway/src/config/\`; do not edit it. The gateway reads a YAML file, named on its command line, and variables; a variable wins over the file, which is checked all the same. An unknown key or variable, a wrong unit or a missing value is refused at the start, with its place and what is allowed. A subgraph has [its own](subgraph-config.md).

${configTable(describeConfig(gatewayConfig, GATEWAY_VARIABLES))}`;
}
