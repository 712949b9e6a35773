/** `node --conditions=weft-source shared/subgraph/src/config/print-document.ts > docs/subgraph-config.md` */
import { configText } from './config-text.ts';

process.stdout.write(configText());
