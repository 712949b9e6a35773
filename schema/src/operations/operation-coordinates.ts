import {
  type ASTNode,
  type DocumentNode,
  type GraphQLSchema,
  getNamedType,
  Kind,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';

/** The elements of the schema that each node of an operation names, by their coordinates on `schema`. */
export type NodeCoordinates = ReadonlyMap<ASTNode, readonly string[]>;

/** `User.name` of a field, `Query.user.id` of an argument, `Input.field`, `Enum.VALUE`, `Type` of a fragment or variable. */
export function coordinatesOf(document: DocumentNode, schema: GraphQLSchema): NodeCoordinates {
  const info = new TypeInfo(schema);
  const found = new Map<ASTNode, string[]>();
  const enter = (node: ASTNode) => {
    const coordinates = coordinatesAt(node, info);
    if (coordinates.length > 0) found.set(node, coordinates);
  };
  visit(document, visitWithTypeInfo(info, { enter }));
  return found;
}

function coordinatesAt(node: ASTNode, info: TypeInfo): string[] {
  const parent = info.getParentType()?.name;
  const input = getNamedType(info.getInputType())?.name;
  switch (node.kind) {
    case Kind.FIELD:
      return parent === undefined ? [] : [`${parent}.${node.name.value}`];
    case Kind.ARGUMENT: {
      const field = info.getFieldDef()?.name;
      return parent === undefined || field === undefined ? [] : [`${parent}.${field}.${node.name.value}`];
    }
    case Kind.OBJECT_FIELD: {
      const owner = getNamedType(info.getParentInputType())?.name;
      return owner === undefined ? [] : [`${owner}.${node.name.value}`];
    }
    case Kind.ENUM:
      return input === undefined ? [] : [`${input}.${node.value}`];
    case Kind.VARIABLE:
      return [inputPlace(info, parent)].filter((coordinate) => coordinate !== undefined);
    case Kind.OBJECT:
    case Kind.VARIABLE_DEFINITION:
      return input === undefined ? [] : [input];
    case Kind.NAMED_TYPE:
      return [node.name.value];
    case Kind.INLINE_FRAGMENT:
      return [node.typeCondition?.name.value, parent].filter((name) => name !== undefined);
    default:
      return [];
  }
}

/** The argument or input field that a variable is given to. */
function inputPlace(info: TypeInfo, parent: string | undefined): string | undefined {
  const argument = info.getArgument();
  const field = info.getFieldDef();
  if (argument == null || field == null || parent === undefined) return undefined;
  return `${parent}.${field.name}.${argument.name}`;
}
