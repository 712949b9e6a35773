/** Thrown while a program is compiled: what it would have to do, it cannot do exactly. The object executor can. */
export class Unsupported extends Error {
  override readonly name = 'Unsupported';
}

/** It could be done for known values of the variables in the operation's conditions. */
export class Undecided extends Unsupported {}
