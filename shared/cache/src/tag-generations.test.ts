import { expect, test } from '@jest/globals';
import { createTagGenerations } from './tag-generations.ts';

test('a generation moves when its tag is bumped, and stays for others', () => {
  const tags = createTagGenerations();
  const [product, user] = [tags.generation('Product:1'), tags.generation('User:1')];
  tags.bump(['Product:1', 'Product:2']);
  expect(tags.generation('Product:1')).not.toBe(product);
  expect(tags.generation('User:1')).toBe(user);
});

test('few tags share a counter', () => {
  const tags = createTagGenerations();
  const moved = () =>
    Array.from({ length: 10_000 }, (_, n) => tags.generation(`Product:${7_000_000_000_000 + n * 4_096}`)).filter(
      (g) => g > 0,
    );
  tags.bump(['Product:1']);
  expect(moved().length).toBeLessThanOrEqual(3);
});
