export { explainFullDisk } from './failure.ts';
export { type Fleet, type FleetOptions, startFleet } from './fleet.ts';
export { type FolderLock, lockFolder } from './folder-lock.ts';
export { letPostgresThrough } from './layout.ts';
export { choosePorts, isFree as isPortFree } from './ports.ts';
export { commandOf, endPostmaster, isAlive, processTree } from './processes.ts';
export type { Server } from './server.ts';
