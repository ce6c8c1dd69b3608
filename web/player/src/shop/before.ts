import type { Ui, View } from '../view/bits.ts';
import { html, icon, picture } from './kit.ts';
import type { Shop } from './shop.ts';

/** The card that stands where the show will be. */
export function before(ui: Ui, shop: Shop): View {
  const { t } = ui;
  const { player } = shop;
  const show = player.show!;
  const at = Date.parse(show.starts_at);
  const left = Math.max(0, at - player.now);
  const s = Math.floor(left / 1000);
  const units: [number, 'days' | 'hours' | 'minutes' | 'seconds'][] = [
    [Math.floor(s / 86_400), 'days'],
    [Math.floor(s / 3600) % 24, 'hours'],
    [Math.floor(s / 60) % 60, 'minutes'],
    [s % 60, 'seconds'],
  ];
  const shown = s >= 86_400 ? units.slice(0, 3) : units.slice(1);
  return html`<section class="before-card solid-glass" aria-labelledby="before-h">
    <div>
      <h3 id="before-h">${show.title}</h3>
      <p>${t('startsAt', { when: ui.when(at) })}</p>
    </div>
    ${
      s > 0
        ? html`<div class="count" role="timer" aria-live="off" aria-label=${t('startsIn', { n: Math.ceil(s / 60) })}>
            ${shown.map(([n, unit]) => html`<div><b>${String(n).padStart(2, '0')}</b><span>${t(unit)}</span></div>`)}
          </div>`
        : html`<p role="status">${t('anyMoment')}</p>`
    }
    <button type="button" class="go tall" @click=${() => shop.addToCalendar()}>
      ${icon('cal', 's')}${t('addToCalendar')}
    </button>
    <div class="peek" role="group" aria-label=${t('inThisShow')}>
      ${player.room.shelf.offers.slice(0, 5).map((offer) => html`<button type="button" aria-haspopup="dialog" aria-label=${offer.title} @click=${() => ui.open(offer.id)}>${picture(ui, offer.images[0], 52)}</button>`)}
    </div>
  </section>`;
}
