import type { Cue, Show } from '../../api/types';
import { cuePrice } from '../control-room/cue-words';

export interface Check {
  label: string;
  ok: boolean;
  /** It can be published without. */
  optional?: boolean;
  /** Where to put it right, as a fragment of the editor or a path. */
  to: string;
}

/** A live price above the shop's is a mistake: the server refuses it, and this says where it is. */
export function overpriced(cues: Cue[]): Cue | undefined {
  return cues.find((cue) => {
    const price = cuePrice(cue);
    const shop = cue.product?.price_from;
    return price && shop && price.minor > shop.minor;
  });
}

/** What a show needs before people can find it. */
export function readiness(show: Show, cues: Cue[], sites: number, now: Date): Check[] {
  const dear = overpriced(cues);
  const products = cues.filter((cue) => cue.product).length;
  return [
    { label: 'Title', ok: show.title.trim() !== '', to: '#basics' },
    { label: 'A time that is still to come', ok: Date.parse(show.starts_at) > now.getTime() - 60_000, to: '#when' },
    { label: 'Host', ok: show.host_name.trim() !== '', to: '#basics' },
    ...(dear ? [{ label: `Live price of ${dear.product!.title}`, ok: false, to: '#products' }] : []),
    { label: products ? 'Products' : 'No products yet', ok: products > 0, optional: true, to: '#products' },
    { label: show.cover ? 'Cover' : 'No cover yet', ok: show.cover != null, optional: true, to: '#cover' },
    {
      label: sites ? 'Sites that may show it' : 'No site may show it yet',
      ok: sites > 0,
      optional: true,
      to: '/settings/sites',
    },
  ];
}

export const blocking = (checks: Check[]): Check[] => checks.filter((check) => !check.ok && !check.optional);
