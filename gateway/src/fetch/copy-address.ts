/** What a request line, a host header and a signature want of the URL of a copy; a URL computes them anew at each question. */
export interface CopyAddress {
  readonly origin: string;
  readonly host: string;
  /** Path and query. */
  readonly path: string;
}

const known = new WeakMap<URL, CopyAddress>();

export function addressOf(url: URL): CopyAddress {
  let address = known.get(url);
  if (address === undefined) {
    address = { origin: url.origin, host: url.host, path: url.pathname + url.search };
    known.set(url, address);
  }
  return address;
}
