export function ProductEditor(_: { productId: string }) { return null; }
