/** What a reload should not lose. Where the browser stores nothing, it lives as long as the page. */
export interface Keep {
  get(key: string): string | null;
  set(key: string, value: string | null): void;
}

export function keepFor(showId: string, storage: () => Storage = () => localStorage): Keep {
  const memory = new Map<string, string>();
  const name = (key: string) => `showfloor:${showId}:${key}`;
  return {
    get(key) {
      try {
        return storage().getItem(name(key)) ?? memory.get(key) ?? null;
      } catch {
        return memory.get(key) ?? null;
      }
    },
    set(key, value) {
      if (value === null) memory.delete(key);
      else memory.set(key, value);
      try {
        if (value === null) storage().removeItem(name(key));
        else storage().setItem(name(key), value);
      } catch {
        // Storage is blocked or full; the memory above serves until the page goes.
      }
    },
  };
}
