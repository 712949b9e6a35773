/** The architecture as a test: who may import whom. Packages import downward only; a vendor has one door. */
const below = {
  errors: [],
  config: ['errors'],
  ids: ['errors'],
  telemetry: ['errors', 'config'],
  service: ['errors', 'config', 'telemetry'],
  supergraph: ['errors'],
  'cache-control': [],
  cache: ['errors', 'config', 'telemetry'],
  database: ['errors', 'config', 'telemetry', 'ids', 'cache'],
  queue: ['errors', 'config', 'telemetry', 'ids', 'database'],
  subgraph: ['errors', 'config', 'telemetry', 'service', 'ids', 'cache-control', 'cache', 'database', 'queue'],
};
const tests = '(\\.test\\.ts$|/test/|/bench/)';

const downward = Object.entries(below).map(([name, allowed]) => ({
  name: `shared-${name}-imports-downward`,
  severity: 'error',
  from: { path: `^shared/${name}/`, pathNot: tests },
  to: { path: '^(gateway|schema|subgraphs|infra|shared)/', pathNot: `^shared/(${[name, ...allowed].join('|')})/` },
}));

/** A vendor's package may be imported from `allowed` (a path pattern) and from tests; `vendor` is its place below node_modules. */
const door = (name, vendor, allowed) => ({
  name: `${name}-has-one-door`,
  severity: 'error',
  from: { path: '^(gateway|schema|subgraphs|shared)/', pathNot: [tests, allowed] },
  to: { path: `/node_modules/${vendor}/` },
});

export default {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    ...downward,
    {
      name: 'gateway-knows-no-subgraph-and-no-database',
      severity: 'error',
      from: { path: '^gateway/', pathNot: tests },
      to: { path: '^(subgraphs|infra|schema)/|^shared/(database|queue|subgraph|ids)/' },
    },
    {
      name: 'subgraphs-do-not-know-each-other',
      severity: 'error',
      from: { path: '^subgraphs/([^/]+)/' },
      to: { path: '^subgraphs/', pathNot: '^subgraphs/$1/' },
    },
    {
      name: 'nobody-imports-the-gateway',
      severity: 'error',
      from: { path: '^(schema|subgraphs|shared)/' },
      to: { path: '^gateway/' },
    },
    door('apollo-server', '@apollo/server', '^(gateway|shared/subgraph)/'),
    door('apollo-gateway', '@apollo/gateway', '^(gateway|shared/supergraph)/'),
    door('apollo-subgraph', '@apollo/subgraph', '^(shared/subgraph|schema)/'),
    door('pg', 'pg', '^shared/(database|queue)/'),
    door('kysely', 'kysely', '^shared/(database|queue)/|^subgraphs/[^/]+/src/(loaders|database|operations|jobs)/'),
    door('keyv', '(keyv|@keyv)', '^shared/cache/'),
    door('dataloader', 'dataloader', '^shared/database/'),
    door('opentelemetry', '@opentelemetry', '^shared/telemetry/'),
    door('prom-client', 'prom-client', '^shared/telemetry/'),
    door('pino', 'pino', '^shared/telemetry/'),
    door('undici', 'undici', '^gateway/'),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // our own build output; the packages of vendors live in folders of that name too
    exclude: { path: '^(gateway|schema|(subgraphs|shared|infra)/[^/]+)/dist/' },
    parser: 'swc',
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['weft-source', 'import', 'node', 'default'],
    },
  },
};
