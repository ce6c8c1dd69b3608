export function Settings(_: { part: string }) { return null; }
