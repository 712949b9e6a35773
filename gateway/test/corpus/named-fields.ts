/** Every field, argument, type and directive argument that the inputs name, with the answer of the fixture's data. */
export const NAMED_FIELDS: readonly { readonly operation: string; readonly answer: unknown }[] = [
  {
    operation:
      '{ topProducts(first: 1) { __typename id upc name price related(first: 1) { name } reviews(first: 1) { body author { username friends { id } } product { name } } } }',
    answer: {
      data: {
        topProducts: [
          {
            __typename: 'Product',
            id: 'p1',
            upc: '1',
            name: 'Product 1',
            price: 10,
            related: [{ name: 'Product 2' }],
            reviews: [
              {
                body: 'Review 1',
                author: { username: 'alice', friends: [{ id: '2' }, { id: '3' }] },
                product: { name: 'Product 1' },
              },
            ],
          },
        ],
      },
    },
  },
  { operation: '{ product(upc: "1") { name } }', answer: { data: { product: { name: 'Product 1' } } } },
  { operation: '{ me { id username } }', answer: { data: { me: { id: '1', username: 'alice' } } } },
  { operation: '{ users { username } }', answer: { data: { users: ['alice', 'bob', 'carol'].map(named) } } },
  {
    operation: '{ user(id: "2") { email ssn } secretNote }',
    answer: { data: { user: { email: 'SECRET-bob@example.test', ssn: 'SECRET-ssn-bob' }, secretNote: 'SECRET-note' } },
  },
  {
    operation: '{ contacts { __typename ... on User { id } ... on Contact { id } } }',
    answer: { data: { contacts: [...['1', '2', '3'].map((id) => typed('User', id)), typed('Support', 's1')] } },
  },
  {
    operation:
      '{ search(term: "20", filter: { minPrice: 1, tags: ["a"], and: [{}] }) { ... on Product { name } ... on Vendor { name } ... on Node { id } } }',
    answer: {
      data: {
        search: [
          { name: 'Product 20', id: 'p20' },
          { name: 'Vendor 1', id: 'v1' },
        ],
      },
    },
  },
  { operation: '{ price(upc: "1", factor: 2, day: TUE) }', answer: { data: { price: 20 } } },
  {
    operation: 'mutation { addReview(input: { upc: "20", body: "good", stars: 5 }) { body stars } wipe }',
    answer: { data: { addReview: { body: 'good', stars: 5 }, wipe: true } },
  },
  {
    // in the schema, or validation would refuse it
    operation: 'subscription { reviewAdded(upc: "1") { id } }',
    answer: {
      errors: [{ message: 'Subscriptions are not served here.', extensions: { code: 'BAD_REQUEST' } }],
    },
  },
];

function named(username: string) {
  return { username };
}

function typed(name: string, id: string) {
  return { __typename: name, id };
}
