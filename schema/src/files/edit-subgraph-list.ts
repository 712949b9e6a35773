import { isMap, parseDocument } from 'yaml';

/** The text of a list of subgraphs with one more at its end; comments and order stay as they are. */
export function addToSubgraphList(
  text: string,
  name: string,
  entry: { readonly schema: string; readonly url: string },
): string {
  const document = parseDocument(text);
  document.setIn(['subgraphs', name], document.createNode(entry, { flow: false }));
  const all = document.get('subgraphs');
  if (isMap(all)) all.flow = false;
  return document.toString({ lineWidth: 0 });
}
