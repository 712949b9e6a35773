import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { UserError } from '@weft/errors';
import type { Telemetry } from '@weft/telemetry';

export interface ListenOptions {
  /** Who listens, for messages. */
  readonly name: string;
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly telemetry: Telemetry;
}

export interface Listening {
  /** "http://127.0.0.1:4001" */
  readonly url: string;
  readonly port: number;
}

/** Throws UserError when the address cannot be had. */
export async function listen(server: Server, { name, host, port, telemetry }: ListenOptions): Promise<Listening> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenFailure(error, name, host, port)));
    server.listen(port, host, resolve);
  });
  server.removeAllListeners('error');
  server.on('error', (error) => telemetry.log.error({ error }, 'The HTTP server failed.'));
  const taken = (server.address() as AddressInfo).port;
  return { url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}`, port: taken };
}

function listenFailure(error: NodeJS.ErrnoException, name: string, host: string, port: number): Error {
  if (error.code === 'EADDRINUSE')
    return new UserError(
      `${name} cannot listen on ${host}:${port}: the port is in use. Name another one, or end what uses it.`,
    );
  if (error.code === 'EACCES')
    return new UserError(`${name} cannot listen on ${host}:${port}: this user may not use that port.`);
  if (error.code === 'EADDRNOTAVAIL')
    return new UserError(`${name} cannot listen on ${host}:${port}: this machine does not have that address.`);
  return error;
}
