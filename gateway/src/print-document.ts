/** `node --conditions=weft-source gateway/src/print-document.ts lifecycle > docs/lifecycle.md`, and the same with `config`. */
import { configText } from './config/config-text.ts';
import { lifecycleText } from './lifecycle.ts';

process.stdout.write(process.argv[2] === 'config' ? configText() : lifecycleText());
