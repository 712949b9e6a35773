export function createCache(_: unknown) {
  const m = new Map<string, string>();
  return {
    async getMany(keys: readonly string[]) { return keys.map((k) => m.get(k)); },
    async setMany(e: readonly { key: string; text: string; ttlMs: number }[]) { for (const { key, text } of e) m.set(key, text); },
    async delete(keys: readonly string[]) { for (const k of keys) m.delete(k); },
    async stop() {},
  };
}
