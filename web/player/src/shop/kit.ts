import type { Kit } from '../kit.ts';

/* The shop's end of the kit: live bindings, set once before anything of the shop runs. */
export let html!: Kit['html'];
export let nothing!: Kit['nothing'];
export let icon!: Kit['icon'];
export let clock!: Kit['clock'];
export let picture!: Kit['picture'];
export let price!: Kit['price'];
export let thing!: Kit['thing'];
export let ask!: Kit['ask'];
export let secret!: Kit['secret'];
export let allowedUrl!: Kit['allowedUrl'];
export let ApiError!: Kit['ApiError'];

export function useKit(kit: Kit): void {
  ({ html, nothing, icon, clock, picture, price, thing, ask, secret, allowedUrl, ApiError } = kit);
}
