export type { ConsoleTab } from './console-config.ts';
export { CONSOLE_CSP } from './console-csp.ts';
export { type BuiltConsole, ensureConsole } from './ensure-console.ts';
export { writeConsoleConfig } from './write-console-config.ts';
