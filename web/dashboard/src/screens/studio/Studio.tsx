export function Studio(_: { showId: string }) { return null; }
