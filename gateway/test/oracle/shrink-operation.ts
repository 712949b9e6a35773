import {
  type DocumentNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  type SelectionNode,
  validate,
  visit,
} from 'graphql';
import type { Operation } from './draw-operation.ts';

/** A smaller operation that still fails: parts are taken out one by one as long as `fails` holds. */
export async function shrinkOperation(
  schema: GraphQLSchema,
  operation: Operation,
  fails: (operation: Operation) => Promise<boolean>,
): Promise<Operation> {
  let best = { ...operation, text: print(parse(operation.text)) };
  for (let changed = true; changed; ) {
    changed = false;
    for (let index = 0; ; index++) {
      const edited = [...editsAt(parse(best.text), index)];
      if (edited.length === 0) break;
      for (const document of edited) {
        const smaller = tidied(document, best.variables);
        if (smaller === undefined || smaller.text.length >= best.text.length) continue;
        if (validate(schema, parse(smaller.text)).length > 0 || !(await fails(smaller))) continue;
        best = smaller;
        changed = true;
        index--;
        break;
      }
    }
  }
  return best;
}

/** What can be done to the part of this number, counted from the front: take it out, or put what it holds in its place. */
function* editsAt(document: DocumentNode, index: number): Generator<DocumentNode> {
  const parts: unknown[] = [];
  visit(document, {
    enter(node) {
      if (isPart(node.kind)) parts.push(node);
    },
  });
  const part = parts[index];
  if (part === undefined) return;
  yield visit(document, { enter: (node) => (node === part ? null : undefined) });
  if ((part as SelectionNode).kind === Kind.FIELD) {
    yield visit(document, { Field: (node) => (node === part ? { ...node, alias: undefined } : undefined) });
  }
  const inner = contentsOf(document, part as SelectionNode);
  if (inner === undefined) return;
  yield visit(document, {
    SelectionSet: (node) => {
      const at = node.selections.indexOf(part as SelectionNode);
      return at === -1 ? undefined : { ...node, selections: node.selections.toSpliced(at, 1, ...inner) };
    },
  });
}

const PARTS: ReadonlySet<string> = new Set([
  Kind.FIELD,
  Kind.INLINE_FRAGMENT,
  Kind.FRAGMENT_SPREAD,
  Kind.ARGUMENT,
  Kind.DIRECTIVE,
  Kind.OBJECT_FIELD,
]);

function isPart(kind: string): boolean {
  return PARTS.has(kind);
}

function contentsOf(document: DocumentNode, node: SelectionNode): readonly SelectionNode[] | undefined {
  if (node.kind === Kind.INLINE_FRAGMENT) return node.selectionSet.selections;
  if (node.kind !== Kind.FRAGMENT_SPREAD) return undefined;
  const found = document.definitions.find(
    (one) => one.kind === Kind.FRAGMENT_DEFINITION && one.name.value === node.name.value,
  );
  if (found?.kind !== Kind.FRAGMENT_DEFINITION) return undefined;
  return [{ kind: Kind.INLINE_FRAGMENT, typeCondition: found.typeCondition, selectionSet: found.selectionSet }];
}

/** Without fragments and variables that nothing uses; undefined: nothing is left. */
function tidied(document: DocumentNode, variables: Operation['variables']): Operation | undefined {
  const operation = document.definitions.find((one) => one.kind === Kind.OPERATION_DEFINITION);
  if (operation?.kind !== Kind.OPERATION_DEFINITION) return undefined;
  const reached = reachedBy(document, operation);
  const used = new Set<string>();
  for (const definition of reached) {
    const body =
      definition.kind === Kind.OPERATION_DEFINITION ? { ...definition, variableDefinitions: [] } : definition;
    visit(body, { Variable: (node) => void used.add(node.name.value) });
  }
  const definitions = reached.map((one) =>
    one.kind === Kind.OPERATION_DEFINITION
      ? {
          ...one,
          variableDefinitions: one.variableDefinitions?.filter(({ variable }) => used.has(variable.name.value)) ?? [],
        }
      : one,
  );
  if (definitions.some((one) => 'selectionSet' in one && one.selectionSet.selections.length === 0)) return undefined;
  const text = print({ ...document, definitions });
  return textParses(text)
    ? { text, variables: Object.fromEntries(Object.entries(variables).filter(([name]) => used.has(name))) }
    : undefined;
}

function reachedBy(document: DocumentNode, operation: OperationDefinitionNode) {
  const reached: DocumentNode['definitions'][number][] = [operation];
  for (const definition of reached) {
    visit(definition, {
      FragmentSpread(node) {
        const found = document.definitions.find(
          (one) => one.kind === Kind.FRAGMENT_DEFINITION && one.name.value === node.name.value,
        );
        if (found !== undefined && !reached.includes(found)) reached.push(found);
      },
    });
  }
  return reached;
}

function textParses(text: string): boolean {
  try {
    parse(text);
    return true;
  } catch {
    return false;
  }
}
