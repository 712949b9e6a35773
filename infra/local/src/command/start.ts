export { startLocal } from '../start-local.ts';
export { runOnce } from './once.ts';
export { welcome } from './welcome.ts';
