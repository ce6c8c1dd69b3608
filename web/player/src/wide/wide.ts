import type { Kit } from '../kit.ts';
import type { Ui, View } from '../view/bits.ts';
import { drawAmbient } from './ambient.ts';
import css from './layouts.css';

/** Everything that a phone held upright does not need: the sides of a wide screen, landscape, and the miniplayer. */
export interface Wide {
  css: string;
  head(ui: Ui): View;
  left(ui: Ui): View;
  right(ui: Ui): View;
  rail(ui: Ui): View;
  mini(ui: Ui): View;
  drawAmbient(canvas: HTMLCanvasElement | null, video: HTMLVideoElement): void;
}

export function widen({ html, nothing, icon, price, round, sound, action, thing, avatar, say, talk }: Kit): Wide {
  const head = (ui: Ui): View => {
    const { t, player } = ui;
    const n = ui.shop?.bag.count ?? 0;
    const show = player?.show;
    return html`<header class="desk-head panel">
      ${avatar(ui)}
      <div>
        <h2>${show?.title ?? ''}</h2>
        <p>${show ? `${show.host.name} · ${show.shop.name}` : ''}</p>
      </div>
      <button type="button" class="ghost" @click=${ui.share}>${icon('share', 's')}${t('share')}</button>
      ${ui.chatHidden ? html`<button type="button" class="ghost" @click=${ui.toggleChat}>${t('chat')}</button>` : nothing}
      <button type="button" class="ghost" aria-haspopup="dialog" @click=${() => ui.showSheet('bag')}>
        ${icon('bag', 's')}${t('bag')}${n ? html`<span class="badge-ink" aria-hidden="true">${n}</span><span class="vh">, ${t('items', { n })}</span>` : nothing}
      </button>
    </header>`;
  };

  const left = (ui: Ui): View => {
    const { t, player } = ui;
    const offers = player?.room.shelf.offers ?? [];
    const cart = ui.shop?.bag.cart;
    return html`<section class="side left panel" aria-labelledby="things-h" ?inert=${ui.covered}>
      <h3 class="side-h" id="things-h">${t('inThisShow')} <span>${t('things', { n: offers.length })}</span></h3>
      <ul class="things">
        ${offers.map((offer) => thing(ui, offer))}
      </ul>
      ${
        cart?.count
          ? html`<footer class="bagline">
              <p><b>${t('items', { n: cart.count })}</b> <span>${ui.money(cart.total)}</span></p>
              <button type="button" class="quiet-go" @click=${ui.checkOut}>${t('checkOut')}</button>
            </footer>`
          : nothing
      }
    </section>`;
  };

  const right = (ui: Ui): View =>
    html`<section class="side chatside panel" aria-label=${ui.t('chat')} ?inert=${ui.covered}>
      <h3 class="side-h">
        ${ui.t('chat')} <button type="button" class="ghost" @click=${ui.toggleChat}>${ui.t('hide')}</button>
      </h3>
      ${talk(ui)}${say(ui, true)}
    </section>`;

  function mini(ui: Ui): View {
    const offer = ui.player?.onNow;
    return html`<section part="slot" class="mini-slot picture">
      ${
        offer
          ? html`<div class="what">
                <button type="button" class="name" @click=${() => ui.open(offer.id)}>${offer.title}</button
                >${price(ui, offer.price, null, offer.from)}
              </div>
              ${action(ui, offer)}`
          : html`<div class="what">
              <p class="name">${ui.player?.show?.title ?? ''}</p>
              <p class="note">${ui.player?.show?.host.name ?? ''}</p>
            </div>`
      }
    </section>`;
  }

  const rail = (ui: Ui): View => {
    const { t } = ui;
    return html`<div part="rail" class="stage-rail" role="group" aria-label=${t('player')}>
      ${round('expand', t('fullScreen'), ui.fullScreen)}${ui.canMini ? round('pip', t('makeSmall'), ui.makeSmall) : nothing}${ui.layout === 'pair' ? round('grid', t('products'), () => ui.showSheet('all')) : nothing}${round('more', t('more'), () => ui.showSheet('more'))}${sound(ui)}
    </div>`;
  };

  return { css, head, left, right, rail, mini, drawAmbient };
}
