import { type CoreFeature, errorCauses } from '@apollo/federation-internals';
import { messageOf } from '@weft/errors';
import { type DocumentNode, type GraphQLError, Kind, visit } from 'graphql';

const UNSUPPORTED = /^feature (\S+\/(\w+)\/v[\d.]+) is for: (\w+) but is unsupported$/;
/** Coordinates named in a reason; more would hide the sentence. */
const MOST_PLACES = 3;

/** Why a supergraph was refused, in one sentence that can follow a colon. */
export function reasonOf(error: unknown, document: DocumentNode): string {
  const causes = error instanceof Error ? errorCauses(error) : undefined;
  if (causes === undefined || causes.length === 0) return asSentence(extractionDetails(messageOf(error)));
  const reasons = causes.map((cause) => unsupportedFeature(cause, document) ?? withPlace(cause));
  return asSentence(reasons.join(' '));
}

/** A feature that is for SECURITY or EXECUTION must be understood by whoever loads it, else data could leak. */
function unsupportedFeature(cause: GraphQLError, document: DocumentNode): string | undefined {
  const [, url, name, purpose] = UNSUPPORTED.exec(cause.message) ?? [];
  if (url === undefined || name === undefined) return undefined;
  return refusal(
    `@${name}`,
    usesOf((used) => used.split('__')[0] === name, document),
    `for ${purpose} (${url})`,
  );
}

/** One that decides who sees what, with the places of its directives under whatever names they were imported. */
export function notEnforced({ url, nameInSchema, imports }: CoreFeature, document: DocumentNode): string {
  const imported = new Set(imports.map((one) => (one.as ?? one.name).replace(/^@/, '')));
  const isIts = (used: string) => used.split('__')[0] === nameInSchema || imported.has(used);
  return refusal(`@${url.name}`, usesOf(isIts, document), `for SECURITY (${url.toString()})`);
}

function refusal(directive: string, places: readonly string[], what: string): string {
  const named = places.slice(0, MOST_PLACES).join(', ');
  const more = places.length > MOST_PLACES ? ` and ${places.length - MOST_PLACES} more` : '';
  const where = places.length === 0 ? '' : ` (on ${named}${more})`;
  return (
    `it uses ${directive}${where}, a feature ${what} that the gateway does not support ` +
    'and so refuses: take it out of the subgraphs.'
  );
}

/** Coordinates that carry one of these directives. */
function usesOf(isOne: (name: string) => boolean, document: DocumentNode): string[] {
  const places: string[] = [];
  let type = '';
  visit(document, {
    enter(node, _key, _parent, _path, ancestors) {
      if ('name' in node && isTypeDefinition(node.kind)) type = node.name?.value ?? '';
      if (node.kind !== Kind.DIRECTIVE || !isOne(node.name.value)) return;
      const owner = ancestors.at(-1); // the list of directives itself is the parent
      if (owner === undefined || Array.isArray(owner) || !('kind' in owner)) return;
      const at = owner.kind === Kind.FIELD_DEFINITION ? `${type}.${owner.name.value}` : type;
      if (at !== '') places.push(at);
    },
  });
  return places;
}

function isTypeDefinition(kind: Kind): boolean {
  return kind.endsWith('TypeDefinition') || kind.endsWith('TypeExtension');
}

function withPlace(cause: GraphQLError): string {
  const [place] = cause.locations ?? [];
  const text = asSentence(cause.message.replace(/^Invalid supergraph: /, ''));
  return place === undefined ? text : `at ${place.line}:${place.column}: ${text}`;
}

/** What went wrong in a subgraph's part, without the advice to set variables of another program. */
function extractionDetails(message: string): string {
  const subgraph = /^Unexpected error extracting (subgraph "[^"]+"|subgraphs) /.exec(message)?.[1];
  const details = /\nDetails:\n([\s\S]*?)(?:\n\nRe-run with |$)/.exec(message)?.[1];
  return subgraph === undefined || details === undefined ? message : `${subgraph}: ${details.trim()}`;
}

function asSentence(text: string): string {
  const line = text.replace(/\s*\n\s*/g, ' ').trim();
  return /[.!?]$/.test(line) ? line : `${line}.`;
}
