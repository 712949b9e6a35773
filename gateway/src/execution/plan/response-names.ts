/**
 * Names of the client that would meet other names in the subgraphs' answers get this prefix. So a client's alias is never
 * the name of a field that the planner adds for a key or a requirement (`{ products { id: name } }`), and never one that
 * means something to JavaScript (`then`, `__proto__`, `constructor`).
 */
const PREFIX = 'w__';

/** The name under which a field is asked of the subgraphs. One to one: a name that has the prefix gets it again. */
export function toPrefixed(clientName: string): string {
  return PREFIX + clientName;
}

export function hasPrefix(name: string): boolean {
  return name.startsWith(PREFIX);
}

/** The response name that the client wrote, for a key of a subgraph's answer or an element of a path. */
export function toClientName(responseName: string): string {
  return responseName.startsWith(PREFIX) ? responseName.slice(PREFIX.length) : responseName;
}
