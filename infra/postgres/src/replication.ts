import { rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { copyFolder } from './command.ts';
import type { Server } from './server.ts';
import { asSuperuser } from './superuser.ts';

/** Slot names allow letters, digits and underscores. */
export const slotOf = (replica: Server): string => replica.name.replaceAll('-', '_');

/** One slot for each replica, so that the primary keeps what a replica has not read yet; slots of replicas that are no more go. */
export async function ensureSlots(primary: Server, replicas: readonly Server[], password: string): Promise<void> {
  const slots = replicas.map(slotOf);
  await asSuperuser(
    primary,
    password,
    `select pg_create_physical_replication_slot(name, true) from unnest($1::text[]) as name
     where name not in (select slot_name from pg_replication_slots)`,
    [slots],
  );
  await asSuperuser(
    primary,
    password,
    `select pg_drop_replication_slot(slot_name) from pg_replication_slots
     where slot_type = 'physical' and not active and slot_name <> all($1::text[])`,
    [slots],
  );
}

/** Waits until every replica streams from the primary; gives those that still do not after `timeoutMs`. */
export async function waitForStreaming(
  primary: Server,
  replicas: readonly Server[],
  { password, timeoutMs }: { readonly password: string; readonly timeoutMs: number },
): Promise<Server[]> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const rows = await asSuperuser<{ application_name: string }>(
      primary,
      password,
      `select application_name from pg_stat_replication where state = 'streaming'`,
    );
    const streaming = new Set(rows.map((row) => row.application_name));
    const missing = replicas.filter((replica) => !streaming.has(slotOf(replica)));
    if (missing.length === 0 || Date.now() > end) return missing;
    await delay(50);
  }
}

/** Makes a replica's folder anew from that of its primary, which must have been stopped in good order. */
export async function copyPrimary(primary: Server, replica: Server): Promise<void> {
  const part = `${replica.directory}.part`;
  await rm(part, { recursive: true, force: true });
  await copyFolder(primary.directory, part, dirname(primary.directory));
  await rm(replica.directory, { recursive: true, force: true });
  await rename(part, replica.directory);
}
