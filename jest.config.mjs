import { fileURLToPath } from 'node:url';

export default {
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['weft-source', 'node', 'node-addons'] },
  testMatch: ['<rootDir>/{src,test}/**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': fileURLToPath(new URL('./shared/tooling/strip-types.mjs', import.meta.url)) },
  // Real servers start inside tests; on two busy cores that takes longer than five seconds.
  testTimeout: 120_000,
  maxWorkers: 1,
};
