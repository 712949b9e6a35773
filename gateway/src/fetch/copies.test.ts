import { expect, test } from '@jest/globals';
import { createCopies } from './copies.ts';

function create() {
  const clock = { now: 0 };
  const copies = createCopies({ ejectMs: 100, clock: () => clock.now });
  copies.setOverrides({ b: ['http://c1/', 'http://c2/', 'http://c3/'] });
  const next = (avoid?: string) =>
    copies.next({ subgraph: 'b', address: 'http://own/' }, avoid === undefined ? undefined : new URL(avoid))?.host;
  return { copies, next, clock };
}

test('copies are called in turn', () => {
  const { next } = create();
  expect([next(), next(), next(), next()]).toEqual(['c1', 'c2', 'c3', 'c1']);
});

test('one that could not be reached rests, then has its turn again', () => {
  const { copies, next, clock } = create();
  copies.eject(new URL('http://c2/'));
  expect(new Set([next(), next(), next(), next(), next()])).toEqual(new Set(['c1', 'c3']));
  clock.now = 101;
  expect(new Set([next(), next(), next()])).toEqual(new Set(['c1', 'c2', 'c3']));
});

test('the one that just failed is not asked again while there is another, and all resting is no reason not to try', () => {
  const { copies, next } = create();
  for (let i = 0; i < 6; i += 1) expect(next('http://c1/')).not.toBe('c1');
  for (const host of ['c1', 'c2', 'c3']) copies.eject(new URL(`http://${host}/`));
  expect(next()).toBeDefined();
});

test('the address of the supergraph holds where the file says nothing', () => {
  const { copies } = create();
  expect(copies.next({ subgraph: 'a', address: 'http://own/' }, undefined)?.href).toBe('http://own/');
  expect(copies.next({ subgraph: 'a', address: '' }, undefined)).toBeUndefined();
  expect(copies.origins()).toEqual(new Set(['http://c1', 'http://c2', 'http://c3']));
  copies.setOverrides({ b: [] });
  expect(copies.next({ subgraph: 'b', address: 'http://own/' }, undefined)?.host).toBe('own');
});

test('one that is left alone for long is not called sooner because it could not be reached meanwhile', () => {
  const { copies, next, clock } = create();
  copies.eject(new URL('http://c2/'), 1_000);
  copies.eject(new URL('http://c2/'));
  clock.now = 999;
  expect(new Set([next(), next(), next(), next()])).toEqual(new Set(['c1', 'c3']));
  clock.now = 1_001;
  expect(new Set([next(), next(), next()])).toEqual(new Set(['c1', 'c2', 'c3']));
});
