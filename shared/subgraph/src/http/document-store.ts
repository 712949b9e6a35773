import type { DocumentNode } from 'graphql';

/** Documents that were parsed and found valid, by the hash of their text. Shaped as Apollo Server asks for it. */
export interface DocumentStore {
  get(key: string): Promise<DocumentNode | undefined>;
  set(key: string, document: DocumentNode): Promise<void>;
  delete(key: string): Promise<void>;
}

/**
 * Keeps the `max` documents used last. A gateway sends the same few documents for ever, so the bound is there for the
 * odd one that sends thousands.
 */
export function createDocumentStore(max = 1_000): DocumentStore {
  const documents = new Map<string, DocumentNode>();
  return {
    async get(key) {
      const document = documents.get(key);
      if (document !== undefined) {
        documents.delete(key);
        documents.set(key, document); // a Map keeps the order of insertion: the last one used is the youngest
      }
      return document;
    },
    async set(key, document) {
      documents.set(key, document);
      if (documents.size <= max) return;
      const oldest = documents.keys().next();
      if (!oldest.done) documents.delete(oldest.value);
    },
    async delete(key) {
      documents.delete(key);
    },
  };
}
