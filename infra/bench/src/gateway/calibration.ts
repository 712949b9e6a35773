/** Work of the kind that gateways do, always the same. */
const SAMPLE = JSON.stringify(
  Array.from({ length: 200 }, (_, id) => ({ id: String(id), name: `Sample ${id}`, price: id * 17, tags: ['a', 'b'] })),
);
const TURNS = 300;

/**
 * CPU milliseconds that the fixed work takes now. A neighbour on the machine makes the same work dearer (caches, clock,
 * shared cores), for every gateway alike: a round's CPU is divided by what this says around it.
 */
export function calibrate(): number {
  const before = process.cpuUsage();
  let length = 0;
  for (let turn = 0; turn < TURNS; turn += 1) length += JSON.stringify(JSON.parse(SAMPLE)).length;
  const { user, system } = process.cpuUsage(before);
  if (length !== SAMPLE.length * TURNS) throw new Error('the calibration did something else');
  return (user + system) / 1_000;
}
