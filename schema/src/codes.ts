/** What a code of a check means, and what to do. */
export interface CodeRow {
  readonly meaning: string;
  readonly cure: string;
}

/** Every code of ours. Those of composition are of @apollo/composition, which tells them itself. */
export const CHECK_CODES = {
  INVALID_GRAPHQL: {
    meaning: 'A text is not GraphQL, or names a type that is not there.',
    cure: 'Correct it at the place that is named.',
  },
  COMPOSITION_FAILED: {
    meaning: 'The subgraphs do not compose, for a reason that has no code of its own.',
    cure: 'Read the message; it names the subgraphs.',
  },
  SATISFIABILITY_ERROR: {
    meaning:
      'A field is in the API, but some way to it ends in a subgraph that can neither answer it nor reach one that does.',
    cure: 'Give the type a @key in the subgraph that has the field, or define the field where it is asked.',
  },
  GATEWAY_REFUSES: {
    meaning: 'The subgraphs compose, but no gateway would load the result: its schema would stay as it is.',
    cure: 'Take the feature that is named out of the subgraphs.',
  },
  OPERATION_BREAKS: {
    meaning: 'An operation that clients send was valid, and is not any more.',
    cure: 'Deprecate first, wait until no client sends it, then remove; or keep the old element beside the new one.',
  },
  OPERATION_INVALID: {
    meaning: 'A known operation was not valid before either.',
    cure: 'Correct the operation, or remove it.',
  },
  OPERATION_MISSING: { meaning: 'A file of operations holds none.', cure: 'Write one, or remove the file.' },
  OPERATION_UNNAMED: {
    meaning: 'A known operation has no name, by which reports and metrics know it.',
    cure: 'Name it.',
  },
  OPERATION_NAME_TAKEN: { meaning: 'Two known operations have one name.', cure: 'Rename one of them.' },
  VARIABLE_BREAKS: {
    meaning: 'An operation stays valid, but values that clients give its variables are refused now.',
    cure: 'Give the new field a default, or keep it nullable.',
  },
  RESULT_TYPE_CHANGES: {
    meaning: 'A selected field is written as another JSON type, or as another scalar of the same.',
    cure: 'Add a field with the new type, and deprecate the old one.',
  },
  RESULT_BECOMES_NULLABLE: {
    meaning: 'A selected field can be null, which clients did not have to expect.',
    cure: 'Keep it non-null, or tell the clients that are named.',
  },
  RESULT_GAINS_VALUES: {
    meaning: 'A selected enum, union or interface can be something that it could not be.',
    cure: 'See that clients have a branch for what they do not know.',
  },
  DEFAULT_CHANGES: {
    meaning: 'Who leaves an argument or input field out gets another value for it.',
    cure: 'See that those who leave it out want the new one.',
  },
  USE_UNKNOWN: {
    meaning: 'Something changes that would break whoever uses it, and it is not known who does.',
    cure: 'Put the operations of your clients beside the list of subgraphs, or pull usage; if they are there and complete, say `check: {operations: complete}`.',
  },
  PLAN_GETS_WORSE: {
    meaning: 'The query plan of an operation has more fetches, waits for more of them, or asks every shard.',
    cure: 'Give back the @provides or the key, or accept it: without a budget it only warns.',
  },
  CACHING_GETS_WORSE: {
    meaning: 'Answers of an operation may be kept shorter, for one caller only, or not at all.',
    cure: 'Put @cacheControl on the element that is named.',
  },
  CACHING_LOOSENED: {
    meaning: 'A field that was private, or that not everybody may see, may be kept for everybody or longer.',
    cure: 'Say scope: PRIVATE; if it is meant, approve it.',
  },
  ACCESS_LOOSENED: {
    meaning: 'More callers may see a field. The API does not show it.',
    cure: 'Put the directive back; if it is meant, approve it.',
  },
  ACCESS_TIGHTENED: {
    meaning: 'Fewer callers may see a field that an operation selects.',
    cure: 'See that the clients that are named bring what is asked.',
  },
  NEWLY_SHOWN: {
    meaning: 'Something that the graph had, hidden, is shown now: by the API or by a contract.',
    cure: 'Hide it again; if it is meant, approve it.',
  },
  CONTRACT_INVALID: {
    meaning: 'What the tags of a contract leave is no schema.',
    cure: 'Change its tags, or those of the elements that are named.',
  },
} as const satisfies Record<string, CodeRow>;
