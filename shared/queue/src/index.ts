export { type DeadLetter, type DeadLetters, openDeadLetters } from './admin/dead-letters.ts';
export { type DeliveryDeclaration, defineDelivery, deliver } from './events/delivery.ts';
export { type CallPeer, EVENTS_PATH, type PeerAnswer } from './events/peers.ts';
export type { ReceivedEvent, Receiver, Receivers, ReceiverTools } from './events/receiver.ts';
export {
  defineJob,
  type JobDeclaration,
  type JobDefinition,
  type JobFailure,
  type JobSettings,
  type JobTools,
} from './jobs/job-definition.ts';
export { type JobsMigrationOptions, jobsMigration, jobsSchemaOf, queueStatements } from './jobs/jobs-migration.ts';
export { onceOn } from './once.ts';
export type { OldRows } from './prune/old-rows.ts';
export type { OutboxEvent, RelayHandler, RelayHandlers, RelayTools } from './relay/relay-definition.ts';
export { createQueueWorker, type QueueWorker, type QueueWorkerOptions } from './worker.ts';
export type { WorkerTiming } from './worker-settings.ts';
