import { connect } from 'node:net';
import type { ClientBase } from 'pg';

/** PostgreSQL documentation, "Message Formats": CancelRequest. */
const CANCEL_REQUEST = 80_877_102;
const LONGEST_MS = 1_000;

/** Asks the server to end what `client` runs, over a connection of its own. Does its best and never throws: the caller has moved on. */
export function requestCancel(client: ClientBase, address: { readonly host: string; readonly port: number }): void {
  // pg keeps both from the BackendKeyData message but does not declare them.
  const { processID, secretKey } = client as unknown as { processID: number | null; secretKey: number | null };
  if (processID === null || secretKey === null) return;
  const packet = Buffer.alloc(16);
  packet.writeInt32BE(16, 0);
  packet.writeInt32BE(CANCEL_REQUEST, 4);
  packet.writeInt32BE(processID, 8);
  packet.writeInt32BE(secretKey, 12);
  const socket = connect(address.port, address.host, () => socket.end(packet));
  socket.setTimeout(LONGEST_MS, () => socket.destroy());
  socket.on('error', () => socket.destroy());
  socket.unref();
}
