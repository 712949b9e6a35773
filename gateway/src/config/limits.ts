import { documentLimits } from '@weft/service';

/** `limits:` in gateway.yaml: what a document may hold, checked before it is parsed. */
export const limits = documentLimits.prefault({});
