export { httpUrl, redisUrl, withoutCredentials } from './addresses.ts';
export { configTable, describeConfig } from './describe-config.ts';
export { environment } from './environment.ts';
export { existingFile } from './existing-file.ts';
export { KNOWN_VARIABLES, unknownVariables } from './known-variables.ts';
export { loadConfig } from './load-config.ts';
export { byteSize, duration } from './measures.ts';
export { nearestKey } from './nearest-key.ts';
export { Secret, secret, secretList } from './secret.ts';
