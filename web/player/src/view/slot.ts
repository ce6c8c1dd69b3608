import { html, nothing } from 'lit/html.js';
import type { Offer } from '../core/shelf.ts';
import { note, picture, price, type Ui, type View } from './bits.ts';
import { icon } from './icons.ts';

/** The button of a product: only what sells wears the accent. */
export function action(ui: Ui, offer: Offer): View {
  const { t } = ui;
  const off = ui.phase === 'offline';
  if (ui.shop?.bag.holds(offer.id))
    return html`<button
      type="button"
      part="buy"
      class="quiet-go"
      aria-label=${t('inYourBag')}
      @click=${() => ui.showSheet('bag')}
    >
      ${icon('check', 's')}${t('inBag')}
    </button>`;
  if (offer.state !== 'available')
    return html`<button type="button" part="buy" class="quiet-go" @click=${() => ui.open(offer.id)}>
      ${t('view')}
    </button>`;
  return html`<button
      type="button"
      part="buy"
      class="go"
      aria-label=${t('buyThis', { title: offer.title, price: ui.money(offer.price) })}
      aria-disabled=${off ? 'true' : nothing}
      aria-describedby=${off ? 'buy-waits' : nothing}
      @click=${() => !off && ui.buy(offer)}
    >
      ${offer.from ? t('choose') : t('buy')}</button
    >${off ? html`<span class="vh" id="buy-waits">${t('buyWaits')}</span>` : nothing}`;
}

export function slot(ui: Ui): View {
  const { t, player } = ui;
  if (!player) return nothing;
  const offer = player.onNow;
  if (offer) {
    const { flash } = offer;
    return html`<section
      part="slot"
      class="slot solid-glass ${ui.rising ? 'rise' : ''}"
      aria-label=${t('onNow')}
      data-product=${offer.id}
    >
      ${picture(ui, offer.images[0], 68, offer.title)}
      <div class="what">
        <button type="button" class="name" aria-haspopup="dialog" @click=${() => ui.open(offer.id)}>
          ${offer.title}
        </button>
        ${offer.state === 'sold_out' ? html`<p class="price">${t('soldOut')}</p>` : price(ui, offer.price, offer.was, offer.from, offer.live)}
        <p class="note">${note(ui, offer)}</p>
      </div>
      ${action(ui, offer)}
      ${flash?.remaining != null ? html`<span class="left-line" .style=${`--p:${Math.round((flash.remaining / flash.cap) * 100)}%`} aria-hidden="true"></span>` : nothing}
    </section>`;
  }
  const offers = player.room.shelf.offers;
  return html`<section part="slot" class="slot all solid-glass" aria-label=${t('products')}>
    <span class="trio" aria-hidden="true">${offers.slice(0, 3).map((o) => picture(ui, o.images[0], 44))}</span>
    <div class="what">
      <p class="name">${t('inThisShow')}</p>
      <p class="note">${offers.length ? t('things', { n: offers.length }) : t('nothingYet')}</p>
    </div>
    ${offers.length ? html`<button type="button" class="quiet-go" aria-haspopup="dialog" @click=${() => ui.showSheet('all')}>${t('seeAll')}</button>` : nothing}
  </section>`;
}

/** One row of "In this show". */
export const thing = (ui: Ui, offer: Offer): View => {
  const { t } = ui;
  const now = ui.player!.room.pinned?.productId === offer.id;
  const inBag = ui.shop?.bag.holds(offer.id);
  const words = inBag ? t('inBag') : note(ui, offer, true);
  return html`<li class="thing" aria-current=${now ? 'true' : nothing}>
    ${picture(ui, offer.images[0], 72)}
    <div class="what">
      <button type="button" class="name" aria-haspopup="dialog" @click=${() => ui.open(offer.id)}>
        ${offer.title}
      </button>
      ${price(ui, offer.price, offer.was, offer.from, offer.live)}
      <p class="note">${now ? `${t('onNow')}, ${words}` : words}</p>
    </div>
    ${
      inBag
        ? html`<button type="button" class="plus in" aria-label=${t('inYourBag')} @click=${() => ui.showSheet('bag')}>
            ${icon('check', 's')}
          </button>`
        : offer.state === 'available'
          ? html`<button
              type="button"
              class="plus"
              aria-label=${t('addTo', { title: offer.title })}
              @click=${() => ui.quickAdd(offer)}
            >
              ${icon('plus', 's')}
            </button>`
          : nothing
    }
  </li>`;
};
