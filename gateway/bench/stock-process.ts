import { readFile } from 'node:fs/promises';
import { ApolloGateway } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { environment } from '@weft/config';
import { tellCpu } from './tell-cpu.ts';

const supergraphSdl = await readFile(environment().SUPERGRAPH_FILE ?? '', 'utf8');
const logger = { debug() {}, info() {}, warn: console.warn, error: console.error };
const server = new ApolloServer({ gateway: new ApolloGateway({ supergraphSdl, logger }), logger });
const { url } = await startStandaloneServer(server, { listen: { port: 0, host: '127.0.0.1' } });
tellCpu(url);
