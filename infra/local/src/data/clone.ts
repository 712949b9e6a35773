import { fileURLToPath } from 'node:url';

/** The root of this clone. */
export const CLONE = fileURLToPath(new URL('../../../../', import.meta.url));

/** A file of the clone by its path from the root. */
export const inClone = (path: string): string => fileURLToPath(new URL(path, new URL('../../../../', import.meta.url)));
