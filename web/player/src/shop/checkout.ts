import type { Quote } from '@showfloor/api-client/http';
import type { TextKey } from '../text/texts.ts';
import type { Ui, View } from '../view/bits.ts';
import { clock, html, icon, nothing, picture } from './kit.ts';
import { sheetHead, trouble } from './sheets.ts';
import type { Shop } from './shop.ts';

/** Of the hold that the server gave; the ring only shows how much of it is left. */
const RING_OF_MS = 600_000;

const lines = (ui: Ui, quote: Quote): View =>
  html`<ul class="lines">
    ${quote.lines.map(
      (line) =>
        html`<li>
          ${picture(ui, line.image, 48)}
          <p>
            <b>${line.title}</b
            ><span
              >${[line.variant_title, line.quantity > 1 ? `× ${line.quantity}` : ''].filter(Boolean).join(' ')}</span
            >
          </p>
          <p class="sum">${ui.money(line.line_total)}</p>
        </li>`,
    )}
  </ul>`;

const step = (name: 'place' | 'truck' | 'card' | 'lock', first: string, second: string, change?: View): View =>
  html`<div class="step">
    ${icon(name, 's')}
    <div><b>${first}</b><span>${second}</span></div>
    ${change ?? nothing}
  </div>`;

const field = (
  ui: Ui,
  shop: Shop,
  name: string,
  label: string,
  width: string,
  more: { type?: string; complete: string; value?: string; hint?: string; numeric?: boolean; max?: number },
): View => {
  const wrong = shop.wrong[name];
  return html`<label class="field ${width}"
    ><span>${label}</span
    ><input
      name=${name}
      type=${more.type ?? 'text'}
      autocomplete=${more.complete}
      inputmode=${more.numeric ? 'numeric' : nothing}
      maxlength=${more.max ?? 120}
      placeholder=${more.hint ?? nothing}
      value=${more.value ?? ''}
      required
      aria-invalid=${wrong ? 'true' : nothing}
      aria-describedby=${wrong ? `wrong-${name}` : nothing}
    />${wrong ? html`<small id="wrong-${name}">${ui.t(wrong)}</small>` : nothing}</label
  >`;
};

function where(ui: Ui, shop: Shop): View {
  const { t } = ui;
  const { details } = shop.till;
  if (details && !shop.changing)
    return step(
      'place',
      details.contact.name,
      `${details.address.line1}, ${details.address.postal_code} ${details.address.city}`,
      html`<button type="button" class="link" aria-label=${t('changeAddress')} @click=${shop.changeAddress}>
        ${t('change')}
      </button>`,
    );
  const country = details?.address.country ?? shop.till.country;
  const names = new Intl.DisplayNames(ui.locale, { type: 'region' });
  return html`<div class="form" @change=${shop.addressTyped}>
    <p class="form-h">${t('whereTo')}</p>
    ${field(ui, shop, 'name', t('name'), '', { complete: 'name', value: details?.contact.name ?? '' })}
    ${field(ui, shop, 'email', t('email'), '', { type: 'email', complete: 'email', value: details?.contact.email ?? '' })}
    ${field(ui, shop, 'line1', t('street'), '', { complete: 'address-line1', value: details?.address.line1 ?? '' })}
    ${field(ui, shop, 'postal_code', t('postcode'), 'third', { complete: 'postal-code', value: details?.address.postal_code ?? '', max: 16 })}
    ${field(ui, shop, 'city', t('city'), 'rest', { complete: 'address-level2', value: details?.address.city ?? '' })}
    <label class="field"
      ><span>${t('country')}</span
      ><select name="country" autocomplete="country">
        ${shop.player.show!.ships_to.map((code) => html`<option value=${code} ?selected=${code === country}>${names.of(code) ?? code}</option>`)}
      </select></label
    >
  </div>`;
}

const totals = (ui: Ui, quote: Quote): View => {
  const { t } = ui;
  const count = quote.lines.reduce((sum, line) => sum + line.quantity, 0);
  const tax = t(quote.tax.included ? 'withTax' : 'plusTax', {
    amount: ui.money(quote.tax.amount),
    label: quote.tax.label,
  });
  return html`<div class="totals">
    <div><span>${t('items', { n: count })}</span><span>${ui.money(quote.subtotal)}</span></div>
    ${quote.discount ? html`<div><span>${t('discount')}</span><span>−${ui.money(quote.discount)}</span></div>` : nothing}
    <div><span>${t('delivery')}</span><span>${ui.money(quote.shipping.price)}</span></div>
    <div class="all">
      <span>${t('total')} <small>${tax}</small></span
      ><span data-total=${quote.total.minor}>${ui.money(quote.total)}</span>
    </div>
  </div>`;
};

const when = (ui: Ui, quote: Quote): string => {
  const { earliest, latest } = quote.shipping;
  return earliest && latest ? ui.dates(Date.parse(earliest), Date.parse(latest)) : '';
};

function form(ui: Ui, shop: Shop): View {
  const { t } = ui;
  const { till } = shop;
  const quote = till.checkout!.quote;
  const left = shop.holdMs ?? 0;
  const amount = ui.money(quote.total);
  const chip = html`<p class="chip ${left < 60_000 ? 'warn' : ''}" role="timer" aria-live="off">
    <span
      class="ring"
      .style=${`--p:${Math.max(0, Math.min(100, (left / RING_OF_MS) * 100))}%`}
      aria-hidden="true"
    ></span
    >${t('heldForYou')} <time>${clock(left)}</time>
  </p>`;
  const { alert, busy } = till;
  const says = alert && (alert.words ?? t(alert.note, alert.amount ? { amount: ui.money(alert.amount) } : {}));
  return html`${sheetHead(ui, t('checkout'), chip, t('closeKeep'))}
    <form id="pay" class="sheet-body" novalidate @submit=${shop.pay} @input=${shop.fieldTyped}>
      ${alert ? trouble(says ?? '', t(alert.title)) : nothing}${Object.keys(shop.wrong).length ? trouble(t('checkFields')) : nothing}
      ${lines(ui, quote)}
      <div class="steps">
        ${where(ui, shop)}${step('truck', `${quote.shipping.label}, ${ui.money(quote.shipping.price)}`, when(ui, quote))}
      </div>
      <fieldset class="ways">
        <legend class="vh">${t('howToPay')}</legend>
        <p class="way">${t('card')}${icon('card')}</p>
        <div class="form">
          ${field(ui, shop, 'number', t('cardNumber'), '', { complete: 'cc-number', numeric: true, max: 23 })}
          ${field(ui, shop, 'expiry', t('validUntil'), 'half', { complete: 'cc-exp', numeric: true, hint: t('expiryHint'), max: 9 })}
          ${field(ui, shop, 'code', t('code'), 'half', { complete: 'cc-csc', numeric: true, hint: t('codeHint'), max: 4 })}
        </div>
      </fieldset>
      ${totals(ui, quote)}
    </form>
    <footer class="sheet-foot ruled">
      <button type="submit" form="pay" class="go tall" aria-disabled=${busy ? 'true' : nothing}>
        ${busy ? t('paying', { amount }) : html`${t('pay')} <span>${amount}</span>`}
      </button>
      <p class="fine">${alert && !alert.amount ? t('totalUnchanged', { amount }) : t('cardsGoStraight')}</p>
      <slot name="legal"></slot>
    </footer>`;
}

function challenge(ui: Ui, shop: Shop): View {
  const { t } = ui;
  const { till } = shop;
  return html`${sheetHead(ui, t('challenge'), undefined, t('closeKeep'))}
    <div class="sheet-body">
      <p class="plain">${t('challengeNote', { amount: ui.money(till.checkout!.quote.total) })}</p>
      ${lines(ui, till.checkout!.quote)}
    </div>
    <footer class="sheet-foot two">
      <button type="button" class="quiet-go tall" @click=${() => void till.answer(false)}>${t('notMe')}</button
      ><button type="button" class="go tall" @click=${() => void till.answer(true)}>${t('itsMe')}</button>
    </footer>`;
}

function done(ui: Ui, shop: Shop): View {
  const { t } = ui;
  const { till } = shop;
  const { quote, order, contact, address } = till.checkout!;
  const paid = till.stage === 'paid';
  const first = (contact?.name ?? '').split(' ')[0] ?? '';
  const card = `${ui.money(quote.total)}${till.card ? `, ${till.card.brand} •••• ${till.card.last4}` : ''}`;
  const saved = till.saved > 0 ? t('youSaved', { amount: ui.money({ ...quote.total, minor: till.saved }) }) : '';
  const key: TextKey = paid ? 'itsYours' : till.stage === 'refunded' ? 'refunded' : 'bankChecking';
  return html`<div>
      <span class="seal ${paid ? '' : 'wait'}" aria-hidden="true">${icon(paid ? 'check' : 'clock')}</span>
      <h3 id="sheet-h" tabindex="-1">${t(key, { name: first })}</h3>
      <p role="status">
        ${paid ? t('paidNote', { number: String(order?.number ?? ''), email: contact?.email ?? '' }) : t(till.stage === 'refunded' ? 'refundedNote' : 'bankCheckingNote')}
      </p>
    </div>
    <div class="card">
      ${lines(ui, quote)}
      <div class="steps">
        ${paid ? step('truck', when(ui, quote) || quote.shipping.label, `${address?.line1 ?? ''}, ${address?.city ?? ''}`) : nothing}
        ${till.stage === 'checking' ? step('lock', t('heldUntilBank'), t('noNeedOpen')) : nothing}
        ${step('card', card, paid ? saved : t('ifFails'))}
      </div>
    </div>
    <button type="button" class="go tall" @click=${ui.close}>${t('backToShow')}</button>`;
}

function ended(ui: Ui, shop: Shop): View {
  const { t } = ui;
  const { cart } = shop.bag;
  const some = cart?.lines.some((line) => line.available > 0);
  return html`${sheetHead(ui, t('holdEnded'))}
    <div class="sheet-body">
      <p class="plain">${t('holdEndedNote')}</p>
      ${
        cart
          ? html`<ul class="lines">
              ${cart.lines.map(
                (line) =>
                  html`<li>
                    ${picture(ui, line.image, 48)}
                    <p><b>${line.title}</b><span>${line.variant_title}</span></p>
                    <p class="sum">
                      ${ui.money(line.line_total)}<br /><span class="note"
                        >${line.available ? t('left', { n: line.available }) : t('soldOut')}</span
                      >
                    </p>
                  </li>`,
              )}
            </ul>`
          : nothing
      }
    </div>
    <footer class="sheet-foot two">
      <button type="button" class="quiet-go tall" @click=${ui.close}>${t('notNow')}</button
      ><button
        type="button"
        class="go tall"
        aria-disabled=${some ? nothing : 'true'}
        @click=${() => some && shop.checkOut()}
      >
        ${t('holdAgain')} <span>${cart ? ui.money(cart.total, true) : ''}</span>
      </button>
    </footer>`;
}

export function checkout(ui: Ui, shop: Shop): View {
  const { till } = shop;
  if (till.stage === 'ended') return ended(ui, shop);
  if (!till.checkout)
    return html`${sheetHead(ui, ui.t('checkout'))}
      <div class="sheet-body"><p class="plain" role="status">…</p></div>`;
  if (till.stage === 'challenge') return challenge(ui, shop);
  if (till.stage === 'paid' || till.stage === 'checking' || till.stage === 'refunded') return done(ui, shop);
  return form(ui, shop);
}
