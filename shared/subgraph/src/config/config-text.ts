import { configTable, describeConfig } from '@weft/config';
import { SUBGRAPH_VARIABLES, subgraphSettings } from './subgraph-settings.ts';

/** The text of docs/subgraph-config.md, printed from the schema that reads the file. */
export function configText(): string {
  return `# Configuration of a subgraph

Printed from the schema in \`shared/subgraph/src/config/\`; do not edit it. Every process of a subgraph, its worker too, reads the \`subgraph.yaml\` in its folder, and variables; a variable wins over the file. An unknown key or variable, a wrong unit or a missing value is refused at the start, with its place and what is allowed. The gateway has [its own](config.md).

${configTable(describeConfig(subgraphSettings, SUBGRAPH_VARIABLES))}`;
}
