import type { Ui, View } from '../view/bits.ts';
import { clock, html, icon, nothing } from './kit.ts';
import type { Shop } from './shop.ts';

/** One at a time, the most pressing first. */
export function moment(ui: Ui, shop: Shop): View {
  const { t } = ui;
  const { player } = shop;
  const { room, status } = player;
  if (player.offline && status.is !== 'closed') {
    const wait = status.is === 'waiting' ? Math.max(0, Math.ceil((status.retryAt - Date.now()) / 1000)) : 0;
    return html`<div part="moment" class="bar glass" role="status">
      ${icon('offline')}<span>${wait ? t('noConnection', { s: wait }) : t('connecting')}</span
      ><button type="button" @click=${player.retry}>${t('tryNow')}</button>
    </div>`;
  }
  const news = ui.sheet ? null : shop.news;
  if (news)
    return html`<div part="moment" class="bar glass" role="status">
      ${icon('bag')}<span>${news}</span
      ><button type="button" @click=${() => ui.showSheet('checkout')}>${t('seeOrder')}</button>
    </div>`;
  const flash = player.flash;
  if (flash && flash.ends_at > player.now) {
    const flashed = flash.prices[0]?.price;
    const usual = player.room.shelf.offer(flash.product_id)?.flash?.then;
    return html`<section part="moment" class="flash" aria-label=${t('flashPrice', { price: '' })}>
      ${icon('bolt', 's')}
      <p>
        <b>${t('flashPrice', { price: flashed ? ui.money(flashed, true) : '' })}</b
        >${usual ? t('flashThen', { cap: flash.cap, price: ui.money(usual, true) }) : nothing}
      </p>
      <time role="timer" aria-live="off">${clock(flash.ends_at - player.now)}</time>
    </section>`;
  }
  if (room.pinnedMessage)
    return html`<p part="moment" class="moment glass">
      ${icon('pin', 'xs')}<span
        ><span class="vh">${t('pinnedBy', { name: room.pinnedMessage.from.name })}</span
        >${room.pinnedMessage.text}</span
      >
    </p>`;
  if (room.banner)
    return html`<p part="moment" class="moment glass">${icon('pin', 'xs')}<span>${room.banner}</span></p>`;
  if (room.slowS)
    return html`<p part="moment" class="moment glass">
      ${icon('clock', 'xs')}<span>${t('slowMode', { s: room.slowS })}</span>
    </p>`;
  return nothing;
}
