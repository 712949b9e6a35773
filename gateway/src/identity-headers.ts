/** Headers by which a client could claim to be someone, or that only the gateway may write. Lower case. */
const NAMES =
  /^(weft-.*|x-weft-.*|x-user.*|x-auth.*|x-jwt.*|x-remote-user|x-forwarded-user|x-forwarded-email|x-forwarded-preferred-username|x-forwarded-groups|remote-user)$/;

/** True for a header that never passes from a client to a subgraph, whatever the configuration says. */
export function isIdentityHeader(name: string): boolean {
  return NAMES.test(name.toLowerCase());
}
