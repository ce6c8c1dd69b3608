export * from './http.ts';
export * from './room.ts';
export * from './money.ts';
export type * from './admin.ts';
