import { type ASTNode, type DocumentNode, type Location, Token, TokenKind } from 'graphql';

const NONE = new Token(TokenKind.SOF, 0, 0, 0, 0);
const NO_TOKENS: Pick<Location, 'startToken' | 'endToken'> = { startToken: NONE, endToken: NONE };

/**
 * The same document, its nodes without the chain of tokens that they were parsed from, which takes more memory than all
 * of the nodes. Where each node is in its source stays.
 */
export function withoutTokens(document: DocumentNode): DocumentNode {
  const waiting: ASTNode[] = [document];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (node.loc !== undefined) Object.assign(node.loc, NO_TOKENS);
    for (const value of Object.values(node) as unknown[]) {
      if (Array.isArray(value)) waiting.push(...value.filter(isNode));
      else if (isNode(value)) waiting.push(value);
    }
  }
  return document;
}

function isNode(value: unknown): value is ASTNode {
  return typeof value === 'object' && value !== null && 'kind' in value && typeof value.kind === 'string';
}
