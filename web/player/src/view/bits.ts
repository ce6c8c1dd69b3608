import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { ImageRef, Money } from '@showfloor/api-client/http';
import type { Offer } from '../core/shelf.ts';
import type { ShowfloorShow } from '../showfloor-show.ts';
import { icon } from './icons.ts';

export type Ui = ShowfloorShow;
export type View = TemplateResult | typeof nothing;

/** `3:05`, or with hours `1:03:05`. */
export function clock(ms: number): string {
  const s = Math.max(0, Math.ceil(ms / 1000));
  const two = (n: number) => String(n).padStart(2, '0');
  const m = Math.floor(s / 60);
  return m < 60 ? `${m}:${two(s % 60)}` : `${Math.floor(m / 60)}:${two(m % 60)}:${two(s % 60)}`;
}

export const picture = (ui: Ui, image: ImageRef | undefined, size: number, alt = ''): View => {
  const src = image && ui.media(image.src);
  const set = image?.srcset && ui.mediaSet(image.srcset);
  return src
    ? html`<img
        class="pic"
        src=${src}
        srcset=${set || nothing}
        sizes="${size}px"
        width=${size}
        height=${size}
        alt=${alt}
        loading="lazy"
        decoding="async"
      />`
    : html`<span class="pic" role=${alt ? 'img' : nothing} aria-label=${alt || nothing}></span>`;
};

export const price = (ui: Ui, now: Money, was: Money | null | undefined, from = false, live = false): View =>
  html`<p class="price">
    ${live ? html`<span class="vh">${ui.t('livePrice')} </span>` : nothing}${from ? ui.t('from', { price: ui.money(now, true) }) : ui.money(now, true)}${
      was ? html` <s><span class="vh">${ui.t('usualPrice')}</span>${ui.money(was, true)}</s>` : nothing
    }
  </p>`;

export const round = (name: string, label: string, run: () => void, pressed?: boolean, glass = true): View =>
  html`<button
    type="button"
    part="button"
    class="round ${glass ? 'glass' : ''}"
    aria-label=${label}
    aria-pressed=${pressed === undefined ? nothing : String(pressed)}
    @click=${run}
  >
    ${icon(name)}
  </button>`;

/** The second line of a product: what is true about its price and pieces. */
export function note(ui: Ui, offer: Offer, short = false): string {
  const { t } = ui;
  if (ui.phase === 'offline') return t('asOf', { time: ui.time(ui.player!.room.shelf.asOf) });
  if (offer.state === 'held') return t('allHeld', { n: offer.held });
  if (offer.state === 'sold_out') return short ? t('soldOut') : t('gone');
  if (offer.flash?.remaining != null) return t('flashLeft', { n: offer.flash.remaining, cap: offer.flash.cap });
  if (offer.ended) return t('wasUntil', { price: ui.money(offer.ended.price, true), time: ui.time(offer.ended.at) });
  const left = offer.left === 1 ? t('lastOne') : t('left', { n: offer.left });
  if (offer.from) return `${t('choices', { n: offer.variants.length })}, ${left}`;
  return offer.live && offer.left > 1 && !short ? `${t('livePrice')} · ${left}` : left;
}

export const badge = (ui: Ui, counted = true): View => {
  const { t, phase, player } = ui;
  const label = {
    live: t('live'),
    paused: t('paused'),
    offline: t('offline'),
    ended: t('ended'),
    before: t('soon'),
    loading: '',
  }[phase];
  const viewers = player?.room.viewers;
  return label
    ? html`<p part="badge" class="onair glass">
        <span class=${phase === 'live' ? 'live' : 'quiet'}>${label}</span>${
          counted && viewers && (phase === 'live' || phase === 'paused')
            ? html`<span>${icon('eye')}${ui.number(viewers)}<span class="vh"> ${t('watching')}</span></span>`
            : nothing
        }
      </p>`
    : nothing;
};

export const sound = (ui: Ui, pill = false): View =>
  pill && ui.quietStart
    ? html`<button type="button" part="button" class="tap-sound" @click=${ui.toggleMute}>
        ${ui.t('tapForSound')}${icon('silent')}
      </button>`
    : round(ui.muted ? 'silent' : 'sound', ui.t('mute'), ui.toggleMute, ui.muted);

export const avatar = (ui: Ui): View => {
  const host = ui.player?.show?.host;
  const src = host?.avatar && ui.media(host.avatar.src);
  return src
    ? html`<img class="avatar" src=${src} alt="" width="36" height="36" />`
    : html`<span class="avatar" aria-hidden="true">${[...(host?.name ?? '')][0] ?? ''}</span>`;
};
