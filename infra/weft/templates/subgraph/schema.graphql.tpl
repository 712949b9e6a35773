extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@inaccessible"])

"How long an answer may be cached, and for whom. Read by the subgraph, which sends a Cache-Control header."
directive @cacheControl(
  maxAge: Int
  scope: CacheControlScope
  inheritMaxAge: Boolean
) on FIELD_DEFINITION | OBJECT | INTERFACE | UNION

enum CacheControlScope @inaccessible {
  PUBLIC
  PRIVATE
}

type {{Entity}} @key(fields: "{{key}}") @cacheControl(maxAge: 30) {
  {{key}}: {{keyType}}!
  name: String!
}

type Query {
  {{entity}}({{key}}: {{keyType}}!): {{Entity}} @cacheControl(maxAge: 30)
}
