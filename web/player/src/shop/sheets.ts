import type { TextKey } from '../text/texts.ts';
import type { Ui, View } from '../view/bits.ts';
import { checkout } from './checkout.ts';
import { isOpen, variantFor } from './choice.ts';
import { clock, html, icon, nothing, picture, price, thing } from './kit.ts';
import type { Shop } from './shop.ts';

export const closer = (ui: Ui, corner = false, label = ui.t('close')): View =>
  html`<button type="button" class="close ${corner ? 'corner' : ''}" aria-label=${label} @click=${ui.close}>
    ${icon('x', 's')}
  </button>`;

export const sheetHead = (ui: Ui, title: string, chip?: View, label?: string): View =>
  html`<header class="sheet-head">
    <h3 id="sheet-h" tabindex="-1">${title}</h3>
    ${chip ?? html`<span></span>`}${closer(ui, false, label)}
  </header>`;

const stepper = (ui: Ui, label: string, value: number, max: number, set: (n: number) => void): View =>
  html`<div class="stepper" role="group" aria-label=${label}>
    <button type="button" aria-label=${ui.t('oneLess')} ?disabled=${value <= 1} @click=${() => set(value - 1)}>
      ${icon('minus', 's')}</button
    ><output>${value}</output
    ><button type="button" aria-label=${ui.t('oneMore')} ?disabled=${value >= max} @click=${() => set(value + 1)}>
      ${icon('plus', 's')}
    </button>
  </div>`;

function product(ui: Ui, shop: Shop): View {
  const { t } = ui;
  const { player, picks, bag } = shop;
  const offer = player.room.shelf.offer(shop.productId);
  if (!offer)
    return html`${sheetHead(ui, t('products'))}
      <div class="sheet-body"><p class="plain">${t('gone')}</p></div>`;
  const variant = variantFor(offer, picks);
  const shown = variant ?? { price: offer.price, was: offer.was, available: 0, reserved: 0, id: '' };
  const max = Math.min(shown.available, 99);
  const pieces = Math.max(1, Math.min(shop.pieces, max));
  const off = ui.phase === 'offline';
  const ends = offer.flash && offer.flash.endsAt - player.now;
  return html`<form class="sheet-body" @submit=${(e: Event) => e.preventDefault()}>
      ${closer(ui, true)}
      <div class="hero">
        ${picture(ui, offer.images[0], 104, offer.images[0]?.alt || offer.title)}
        <div>
          <h3 id="sheet-h" tabindex="-1">${offer.title}</h3>
          <p class="about">${offer.description}</p>
        </div>
      </div>
      <div class="cost">
        ${price(ui, shown.price, shown.was, !variant, offer.live)}
        ${
          ends && ends > 0
            ? html`<p class="chip ${ends < 60_000 ? 'warn' : ''}" role="timer" aria-live="off">
                ${icon('clock')}${t('endsIn')} <time>${clock(ends)}</time>
              </p>`
            : nothing
        }
      </div>
      ${offer.options.map(
        ({ name, values }) =>
          html`<fieldset class="pick">
            <legend>${name} <span>${picks[name] ?? ''}</span></legend>
            <div class="opts">
              ${values.map((value) => {
                const open = isOpen(offer, picks, name, value);
                return html`<label part="chip" class="size ${open ? '' : 'out'}"
                  ><input
                    type="radio"
                    name="pick-${name}"
                    .checked=${picks[name] === value}
                    @change=${() => shop.pick(name, value)}
                  />${value}${open ? nothing : html`<span class="note">${t('soldOutShort')}</span>`}</label
                >`;
              })}
            </div>
          </fieldset>`,
      )}
      ${
        max
          ? html`<div class="both pick">
              <p class="legend">
                ${t('quantity')} <span>${max === 1 ? t('lastOne') : t('left', { n: shown.available })}</span>
              </p>
              ${stepper(ui, t('quantity'), pieces, max, (n) => shop.setPieces(n))}
            </div>`
          : html`<p class="plain pick">${shown.reserved ? t('heldNote') : t('soldOutNote')}</p>`
      }
      ${bag.trouble ? trouble(t(bag.trouble as TextKey) || bag.trouble) : nothing}
    </form>
    <footer class="sheet-foot two ruled">
      <button
        type="button"
        class="quiet-go tall"
        aria-disabled=${!max || off ? 'true' : nothing}
        @click=${() => max && !off && void shop.addToBag(shown.id, pieces)}
      >
        ${t('addToBag')}</button
      ><button
        type="button"
        part="buy"
        class="go tall"
        aria-disabled=${!max || off ? 'true' : nothing}
        @click=${() => max && !off && void shop.buyNow(offer.id, shown.id, pieces)}
      >
        ${t('buyNow')} <span>${ui.money({ ...shown.price, minor: shown.price.minor * pieces }, true)}</span>
      </button>
    </footer>`;
}

export const trouble = (words: string, title = ''): View =>
  html`<div class="alert" role="alert">
    ${icon('alert')}
    <p>${title ? html`<b>${title}</b>` : nothing}${words}</p>
  </div>`;

function bag(ui: Ui, shop: Shop): View {
  const { t } = ui;
  const { bag: b, till, player } = shop;
  const cart = b.cart;
  const notices = {
    price_changed: () => t('priceChanged'),
    sold_out: () => t('nowSoldOut'),
    fewer_left: (n: number) => t('fewerLeft', { n }),
  };
  const going = till.holding(player.now);
  const off = ui.phase === 'offline' || !cart?.lines.length;
  return html`${sheetHead(ui, t('yourBag'))}
    <div class="sheet-body">
      ${till.alert && till.stage === 'closed' ? trouble(till.alert.words ?? t(till.alert.note), t(till.alert.title)) : nothing}${b.trouble ? trouble(t(b.trouble as TextKey) || b.trouble) : nothing}
      ${
        cart?.lines.length
          ? html`<ul class="lines bag">
                ${cart.lines.map(
                  (line) =>
                    html`<li data-variant=${line.variant_id}>
                      ${picture(ui, line.image, 64)}
                      <div>
                        <p class="both"><b>${line.title}</b><span class="sum">${ui.money(line.line_total)}</span></p>
                        <p class="both">
                          <span>${line.variant_title}</span>${
                            line.was
                              ? html`<s class="note"
                                  ><span class="vh">${t('usualPrice')}</span
                                  >${ui.money({ ...line.was, minor: line.was.minor * line.quantity })}</s
                                >`
                              : nothing
                          }
                        </p>
                        ${line.notice ? html`<p class="note told">${notices[line.notice]?.(line.available) ?? ''}</p>` : nothing}
                        <div class="both">
                          ${stepper(ui, `${t('quantity')}, ${line.title}`, line.quantity, Math.min(99, line.available), (n) => void b.set(line.variant_id, n))}
                          <button
                            type="button"
                            class="link"
                            aria-label=${t('removeThis', { title: line.title })}
                            @click=${() => void b.set(line.variant_id, 0)}
                          >
                            ${t('remove')}
                          </button>
                        </div>
                      </div>
                    </li>`,
                )}
              </ul>
              <div class="totals">
                ${cart.discount ? html`<div><span>${t('discount')} ${cart.discount.code}</span><span>−${ui.money(cart.discount.amount)}</span></div>` : nothing}
                <div class="all">
                  <span>${t('subtotal')} <small>${t('deliveryNext')}</small></span
                  ><span>${ui.money(cart.total)}</span>
                </div>
              </div>`
          : html`<p class="plain">${t('bagEmpty')}</p>`
      }
    </div>
    <footer class="sheet-foot">
      <button
        type="button"
        class="go tall"
        aria-disabled=${off ? 'true' : nothing}
        @click=${() => !off && shop.checkOut()}
      >
        ${going ? t('continue') : t('checkOut')}
      </button>
      <p class="fine">${going ? `${t('heldForYou')} ${clock(shop.holdMs ?? 0)}` : t('notAHold')}</p>
    </footer>`;
}

const all = (ui: Ui): View =>
  html`${sheetHead(ui, ui.t('inThisShow'))}
    <div class="sheet-body">
      <ul class="things">
        ${ui.player!.room.shelf.offers.map((offer) => thing(ui, offer))}
      </ul>
    </div>`;

function more(ui: Ui, shop: Shop): View {
  const { t, player } = ui;
  const keys = [
    ['K', t('keyPlay')],
    ['M', t('mute')],
    ['F', t('fullScreen')],
    ['I', t('makeSmall')],
    ['T', t('keyTalk')],
    ['H', t('heart')],
    ['B', t('onNow')],
    ['G', t('bag')],
    ['X', t('keyClean')],
    ['Esc', t('close')],
    ['?', t('keyThisList')],
  ];
  return html`${sheetHead(ui, player!.show?.title ?? t('moreTitle'))}
    <div class="sheet-body">
      ${player!.show?.description ? html`<p class="plain">${player!.show.description}</p>` : nothing}
      <form class="row pick" @submit=${shop.rename}>
        <label class="field"
          ><span>${t('yourName')}</span
          ><input
            name="name"
            type="text"
            maxlength="32"
            autocomplete="nickname"
            value=${player!.room.me?.name ?? ''} /></label
        ><button type="submit" class="quiet-go">${t('save')}</button>
      </form>
      <p class="legend pick">${t('shortcuts')}</p>
      <dl class="keys">
        ${keys.map(
          ([key, does]) =>
            html`<dt>${key}</dt>
              <dd>${does}</dd>`,
        )}
      </dl>
    </div>
    <footer class="sheet-foot">
      <button type="button" class="quiet-go tall" @click=${ui.fullScreen}>
        ${icon('expand', 's')}${t('fullScreen')}
      </button>
    </footer>`;
}

export function sheet(ui: Ui, shop: Shop): View {
  if (!ui.sheet) return nothing;
  const inside = { product, bag, all, more, checkout }[ui.sheet](ui, shop);
  const alert = ui.sheet === 'checkout' && shop.till.stage === 'ended';
  return html`<section
    part="sheet"
    class="sheet ${ui.sheet === 'checkout' && shop.answered ? 'paid' : ''}"
    role=${alert ? 'alertdialog' : 'dialog'}
    aria-modal="true"
    aria-labelledby="sheet-h"
    data-sheet=${ui.sheet}
  >
    ${inside}
  </section>`;
}
