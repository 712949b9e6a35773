/** `node --conditions=weft-source gateway/src/print-lifecycle.ts > docs/lifecycle.md` */
import { lifecycleText } from './lifecycle.ts';

process.stdout.write(lifecycleText());
