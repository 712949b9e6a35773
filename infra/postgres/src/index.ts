export { explainFullDisk } from './failure.ts';
export { type Fleet, type FleetFile, type FleetOptions, type FleetShard, startFleet } from './fleet.ts';
export type { FleetControl } from './fleet-control.ts';
export { type FolderLock, lockFolder } from './folder-lock.ts';
export { letPostgresThrough } from './layout.ts';
export { choosePorts, isFree as isPortFree } from './ports.ts';
export { commandOf, endPostmaster, isAlive, processTree } from './processes.ts';
export type { Server } from './server.ts';
export type { Durability } from './settings.ts';
