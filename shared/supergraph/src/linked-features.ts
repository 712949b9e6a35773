import {
  type CoreFeature,
  DEFAULT_SUPPORTED_SUPERGRAPH_FEATURES,
  type DirectiveDefinition,
  type Schema,
} from '@apollo/federation-internals';
import { type ASTNode, type DirectiveNode, type DocumentNode, Kind, visit } from 'graphql';

const SPECS = 'https://specs.apollo.dev';

/** Features for SECURITY that are taken out of the supergraph here and enforced by the gateway, before it plans. */
const ENFORCED = ['authenticated', 'requiresScopes'];
/** Not enforced, and never ignored. */
const REFUSED = ['policy', 'context'];

const of = (names: readonly string[]): string[] => names.map((name) => `${SPECS}/${name}/v0.1`);

/** What a supergraph may link: what the planner knows, what the gateway enforces, and what is refused with its places. */
export const KNOWN_FEATURES: Set<string> = new Set([
  ...DEFAULT_SUPPORTED_SUPERGRAPH_FEATURES,
  ...of([...ENFORCED, ...REFUSED]),
]);

/** Features that decide who sees what and that nobody here would enforce, whatever a link says they are for. */
export function unenforcedFeatures(schema: Schema): CoreFeature[] {
  const enforced = of(ENFORCED);
  return [...ENFORCED, ...REFUSED].flatMap((name) => {
    const feature = featureOf(schema, name);
    return feature === undefined || enforced.includes(feature.url.base.toString()) ? [] : [feature];
  });
}

/** A directive by the URL of its feature: a subgraph can import it under any name. */
export function directiveOf(schema: Schema, feature: string, directive: string): DirectiveDefinition | undefined {
  const name = featureOf(schema, feature)?.directiveNameInSchema(directive);
  return name === undefined ? undefined : schema.directive(name);
}

/** The supergraph without the links, definitions and uses of what the gateway enforces itself: planners refuse them. */
export function withoutEnforced(schema: Schema, document: DocumentNode): DocumentNode {
  const features = ENFORCED.flatMap((name) => featureOf(schema, name) ?? []);
  if (features.length === 0) return document;
  const isOfOne = (node: ASTNode & { readonly name: { readonly value: string } }, directive: boolean): boolean => {
    const element = directive ? schema.directive(node.name.value) : schema.type(node.name.value);
    const source = element === undefined ? undefined : schema.coreFeatures?.sourceFeature(element)?.feature;
    return source !== undefined && features.includes(source);
  };
  const links = new Set(features.map(({ url }) => url.toString()));
  const link = schema.coreFeatures?.coreItself.nameInSchema;
  return visit(document, {
    Directive(node) {
      if (node.name.value === link) return links.has(urlOf(node)) ? null : undefined;
      return isOfOne(node, true) ? null : undefined;
    },
    DirectiveDefinition: (node) => (isOfOne(node, true) ? null : undefined),
    ScalarTypeDefinition: (node) => (isOfOne(node, false) ? null : undefined),
  });
}

function featureOf(schema: Schema, name: string): CoreFeature | undefined {
  return schema.coreFeatures?.getByIdentity(`${SPECS}/${name}`);
}

function urlOf(link: DirectiveNode): string {
  const value = link.arguments?.find(({ name }) => name.value === 'url')?.value;
  return value?.kind === Kind.STRING ? value.value : '';
}
