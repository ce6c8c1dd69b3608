import { useCallback } from 'react';
import { useLocation, useSearch } from 'wouter';

/** Filters, sort, tab and page live in the address: a link shows the same list to someone else. */
export function useAddress(): {
  get: (name: string) => string | undefined;
  set: (changes: Record<string, string | undefined>) => void;
  link: (changes: Record<string, string | undefined>) => string;
} {
  const search = useSearch();
  const [path, navigate] = useLocation();
  const link = useCallback(
    (changes: Record<string, string | undefined>): string => {
      const query = new URLSearchParams(search);
      for (const [name, value] of Object.entries(changes)) {
        if (value) query.set(name, value);
        else query.delete(name);
      }
      const text = query.toString();
      return text ? `${path}?${text}` : path;
    },
    [search, path],
  );
  return {
    get: (name) => new URLSearchParams(search).get(name) ?? undefined,
    set: (changes) => navigate(link(changes), { replace: true }),
    link,
  };
}
