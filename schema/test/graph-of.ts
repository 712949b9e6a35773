import type { SubgraphSource } from '../src/index.ts';

/** The first line of every SDL here, so that line 2 is the first one of a test. */
const LINK =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@external", ' +
  '"@requires", "@provides", "@override", "@inaccessible", "@requiresScopes", "@authenticated", "@policy", "@tag"])';

/** Subgraphs by name, each as the lines of its SDL below the `@link`. */
export function graphOf(sdls: Readonly<Record<string, string>>): SubgraphSource[] {
  return Object.entries(sdls).map(([name, sdl]) => ({
    name,
    url: `http://${name}.test/graphql`,
    file: `subgraphs/${name}/schema.graphql`,
    sdl: `${LINK}\n${sdl}`,
  }));
}
