import type { Socket } from 'node:net';

/** Says its name on every connection that it is sent, and ends it. */
const name = process.argv[2] ?? '';
process.on('message', (_, socket) => void (socket as Socket | undefined)?.end(name));
process.send?.('ready');
