import { byteSize } from '@weft/config';
import { z } from 'zod';

/** `limits:` of a gateway or subgraph. Each has a default that is on. */
export const documentLimits = z
  .strictObject({
    bytes: byteSize('64KiB').describe('Largest document.'),
    tokens: z.int().min(1).max(100_000).default(2_000).describe('Most tokens of a document, comments not counted.'),
    depth: z.int().min(1).max(200).default(20).describe('Most levels of fields, fragments spread out.'),
    nesting: z
      .int()
      .min(1)
      .max(500)
      .default(60)
      .describe('Most brackets of any kind inside each other: the parser calls itself for each.'),
    aliases: z.int().min(0).max(10_000).default(30).describe('Most aliases of a document.'),
    rootFields: z
      .int()
      .min(1)
      .max(10_000)
      .default(20)
      .describe('Most root fields of an operation, fragments spread out.'),
    directives: z.int().min(0).max(10_000).default(50).describe('Most directives of a document.'),
    selections: z
      .int()
      .min(1)
      .max(1_000_000)
      .default(10_000)
      .describe('Most fields of an operation, fragments spread out: a small document can stand for millions.'),
  })
  .describe('Documents over a limit are refused before they are parsed.');

export type DocumentLimits = z.output<typeof documentLimits>;
