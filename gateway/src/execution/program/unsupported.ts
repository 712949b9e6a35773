/** Thrown while a program is compiled: what it would have to do, it cannot do exactly. The object executor can. */
export class Unsupported extends Error {
  override readonly name = 'Unsupported';
}
