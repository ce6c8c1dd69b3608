export function ShowEditor(_: { showId: string }) { return null; }
