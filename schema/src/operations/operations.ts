import { type DocumentNode, Kind, type OperationDefinitionNode, parse, Source, separateOperations } from 'graphql';
import { embeddedSource, type Problem, placeAt, placeOf, type SourcePlace, syntaxProblem } from '../problem.ts';

export interface OperationFile {
  /** As it is to be named in reports. */
  readonly file: string;
  readonly text: string;
  /** The text is a value in the file, at this line. Such operations may share a name, and be called by this one when they have none. */
  readonly embedded?: { readonly line: number; readonly name: string };
}

/** One operation that clients are known to send, with the fragments that it uses. */
export interface KnownOperation {
  readonly name: string;
  readonly definition: OperationDefinitionNode;
  /** The operation and the fragments of its file that it reaches. */
  readonly document: DocumentNode;
  readonly place: SourcePlace;
}

export interface KnownOperations {
  readonly operations: readonly KnownOperation[];
  readonly problems: readonly Problem[];
}

/** Reads operations from the texts of their files. A file may hold several operations, and fragments for them. */
export function parseOperations(files: readonly OperationFile[]): KnownOperations {
  const operations: KnownOperation[] = [];
  const problems: Problem[] = [];
  const names = new Map<string, string>();
  for (const { file, text, embedded } of files) {
    const source = embedded === undefined ? new Source(text, file) : embeddedSource(text, file, embedded.line);
    try {
      const document = parse(source);
      operations.push(...operationsOf(document, embedded?.name));
      if (embedded === undefined) problems.push(...nameProblems(document, source, names));
    } catch (error) {
      problems.push(syntaxProblem(error));
    }
  }
  return { operations, problems };
}

function operationsOf(document: DocumentNode, called: string | undefined): KnownOperation[] {
  return Object.values(separateOperations(document)).flatMap((separate) => {
    const definition = separate.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);
    const place = definition === undefined ? undefined : placeOf(definition);
    const name = definition?.name?.value ?? called;
    if (definition === undefined || name === undefined || place === undefined) return [];
    return [{ name, definition, document: separate, place }];
  });
}

/** Reports, metrics and the tabs of the console know an operation by its name, so each must have one of its own. */
function nameProblems(document: DocumentNode, source: Source, names: Map<string, string>): Problem[] {
  const nodes = document.definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION);
  if (nodes.length === 0)
    return [operationProblem('OPERATION_MISSING', 'The file holds no operation.', placeAt(source, 0))];
  return nodes.flatMap((node) => {
    const place = placeOf(node.name ?? node);
    if (node.name === undefined) return [operationProblem('OPERATION_UNNAMED', 'The operation has no name.', place)];
    const taken = names.get(node.name.value);
    names.set(node.name.value, source.name);
    if (taken === undefined) return [];
    const message = `The name ${node.name.value} is taken by an operation of ${taken}.`;
    return [operationProblem('OPERATION_NAME_TAKEN', message, place)];
  });
}

function operationProblem(code: string, message: string, place: SourcePlace | undefined): Problem {
  return { code, severity: 'error', message, places: place === undefined ? [] : [place] };
}
