export function OrderDetail(_: { orderId: string }) { return null; }
