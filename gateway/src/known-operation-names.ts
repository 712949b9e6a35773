import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf, UserError } from '@weft/errors';
import { Kind, parse } from 'graphql';

/** Names of the operations in the *.graphql files of a folder. Throws UserError for what cannot be read. */
export function knownOperationNames(directory: string): string[] {
  try {
    const files = readdirSync(directory).filter((name) => name.endsWith('.graphql'));
    return files.flatMap((name) => namesIn(join(directory, name)));
  } catch (cause) {
    throw new UserError(
      `The operations in ${directory} (telemetry.metrics.operationsDirectory) cannot be read: ${messageOf(cause)}.`,
      { code: 'CONFIG_INVALID', cause },
    );
  }
}

function namesIn(file: string): string[] {
  const { definitions } = parse(readFileSync(file, 'utf8'));
  return definitions.flatMap((definition) =>
    definition.kind === Kind.OPERATION_DEFINITION && definition.name !== undefined ? [definition.name.value] : [],
  );
}
