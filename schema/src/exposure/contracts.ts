import { isGraphError } from '@weft/errors';
import { type LoadedSupergraph, loadSupergraph } from '@weft/supergraph';
import { print } from 'graphql';
import type { Problem } from '../problem.ts';
import { type Contract, type Contracts, contractDocument } from './contract-schema.ts';
import { type ExposureInput, shownProblems } from './exposure-problems.ts';
import { elementsOf } from './shown-elements.ts';

export { type Contracts, contractList } from './contract-schema.ts';

interface ContractCheck {
  readonly next: LoadedSupergraph;
  readonly contracts: Contracts;
}

/**
 * Each contract is a schema that the gateway can serve, and shows nothing more than it did of what was there already.
 * What is new in the graph is for its tags to say.
 */
export function contractProblems(
  { next, contracts }: ContractCheck,
  compared: { readonly base: LoadedSupergraph; readonly exposure: ExposureInput } | undefined,
): Problem[] {
  return Object.entries(contracts).flatMap(([name, contract]): Problem[] => {
    const after = contractOf(next, contract);
    if (typeof after === 'string') {
      return [
        {
          code: 'CONTRACT_INVALID',
          severity: 'error',
          rule: 'F2',
          message: `The contract ${name} is no schema. ${after}`,
          places: [],
        },
      ];
    }
    if (compared === undefined) return [];
    const before = contractOf(compared.base, contract);
    if (typeof before === 'string') return [];
    const [was, is] = [elementsOf(before.schema), elementsOf(after.schema)];
    const whole = elementsOf(compared.base.supergraph.schema.toGraphQLJSSchema());
    const shown = [...is].filter((element) => !was.has(element) && whole.has(element));
    const owners = shown.filter((element) => !shown.some((owner) => element.startsWith(`${owner}.`)));
    return shownProblems(owners, `the contract ${name}`, compared.exposure);
  });
}

function contractOf(supergraph: LoadedSupergraph, contract: Contract): LoadedSupergraph | string {
  try {
    return loadSupergraph(print(contractDocument(supergraph.document, contract)));
  } catch (error) {
    if (!isGraphError(error)) throw error;
    return error.message;
  }
}
