import type { Checkout } from '@showfloor/api-client/http';
import type { Kit } from '../kit.ts';
import type { Player } from '../player.ts';
import type { ShowfloorShow } from '../showfloor-show.ts';
import type { TextKey } from '../text/texts.ts';
import type { Line } from '../core/talk.ts';
import type { View } from '../view/bits.ts';
import { Announcer } from './announcer.ts';
import { Bag } from './bag.ts';
import { before } from './before.ts';
import { calendarEvent } from './calendar.ts';
import { groupExpiry, groupNumber, readCard } from './card.ts';
import { firstPicks, type Picks } from './choice.ts';
import { readDetails } from './details.ts';
import { enShop } from './en.ts';
import { Hearts, type Heart } from './hearts.ts';
import { shopIcons } from './icons.ts';
import { key } from './keys.ts';
import { useKit } from './kit.ts';
import { moment } from './moment.ts';
import { sheet } from './sheets.ts';
import text from './sheets.css';
import { Till } from './till.ts';

const BEFORE_SHOW_MINUTES = 60;
/** The hold is silent but for these. */
const HOLD_MINUTES_SAID = [10, 5, 1];

/**
 * What a viewer needs from the first tap on a product to the paid order: bag, till, and the sheets that show them.
 * It is a file of its own, fetched once the picture is there.
 */
export class Shop {
  readonly bag: Bag;
  readonly till: Till;
  productId = '';
  picks: Picks = {};
  pieces = 1;
  /** What is wrong with which field of the checkout. */
  wrong: Record<string, TextKey> = {};
  /** The known address is being edited. */
  changing = false;
  readonly #ui: ShowfloorShow;
  #said = Infinity;
  readonly #hearts: Hearts;
  readonly #announcer = new Announcer();

  constructor(
    ui: ShowfloorShow,
    readonly player: Player,
  ) {
    this.#ui = ui;
    this.#hearts = new Hearts(() => ui.later());
    this.bag = new Bag(
      player.session,
      () => player.currency,
      () => {
        ui.emit('show-bagchange', { lines: this.bag.cart?.lines ?? [], count: this.bag.count });
        ui.later();
      },
    );
    this.till = new Till({
      bag: this.bag,
      onChange: () => ui.later(),
      onPaid: (checkout) => this.#paid(checkout),
      wait: (ms) => new Promise((done) => setTimeout(done, ms)),
    });
    void this.bag.restore().then(() => this.till.restore());
  }

  view(): View {
    return sheet(this.#ui, this);
  }

  get hearts(): readonly Heart[] {
    return this.#hearts.list;
  }

  rise(n: number): void {
    this.#hearts.rise(n);
  }

  /** Share and full screen belong to no plane; they are here because a first picture needs neither. */
  share = (): void => {
    const { title } = this.player.show ?? {};
    if (navigator.share)
      void navigator.share({ title: title ?? document.title, url: location.href }).catch(() => undefined);
    else void navigator.clipboard?.writeText(location.href).then(() => this.#ui.tell(this.#ui.t('copied')));
  };

  fullScreen = (): void => {
    if (document.fullscreenElement) void document.exitFullscreen();
    else void this.#ui.requestFullscreen?.().catch(() => undefined);
  };

  key(event: KeyboardEvent): void {
    key(this.#ui, event);
  }

  moment(): View {
    return moment(this.#ui, this);
  }

  before(): View {
    return before(this.#ui, this);
  }

  /** A whole-sheet answer: paid, being checked, or refunded. */
  get answered(): boolean {
    return /^(paid|checking|refunded)$/.test(this.till.stage);
  }

  /** Changes with what the open sheet is about, so that focus can follow. */
  get subject(): string {
    const { stage, checkout } = this.till;
    return stage !== 'opening' && stage !== 'paying' ? stage : checkout ? 'form' : 'opening';
  }

  /** Something about the order that a viewer who closed the sheet should hear. */
  get news(): string | null {
    const { t } = this.#ui;
    const number = String(this.till.checkout?.order?.number ?? '');
    switch (this.till.stage) {
      case 'paid':
        return t('orderPaid', { number });
      case 'refunded':
        return t('refunded');
      case 'ended':
        return t('holdEnded');
      case 'challenge':
        return t('challenge');
      default:
        return null;
    }
  }

  /** Milliseconds of hold left; null where nothing is held. */
  get holdMs(): number | null {
    const { checkout, stage } = this.till;
    if (!checkout || stage === 'ended' || this.answered) return null;
    return Date.parse(checkout.held_until) - this.player.now;
  }

  said(line: Line): void {
    this.#announcer.heard(Date.now(), line);
  }

  second(): void {
    const { t } = this.#ui;
    const lines = this.#announcer.take(Date.now());
    const words = lines.map((l) =>
      l.kind === 'sold' ? t('bought', { name: l.name || t('someone'), title: l.title ?? '' }) : `${l.name}: ${l.text}`,
    );
    if (words.length) this.#ui.speak(words.join('. '));
    this.#hold();
  }

  #hold(): void {
    const left = this.holdMs;
    if (left === null) {
      this.#said = Infinity;
      return;
    }
    const minutes = Math.max(1, Math.ceil(left / 60_000));
    // The first look only notes where the clock stands: the sheet itself says it on opening.
    if (HOLD_MINUTES_SAID.includes(minutes) && minutes < this.#said && this.#said !== Infinity)
      this.#ui.speak(this.#ui.t('minutesLeft', { n: minutes }));
    this.#said = minutes;
    if (left > 0 || this.till.busy) return;
    if (this.till.stage === 'closed') this.till.checkout = null;
    else void this.till.ended();
  }

  open(productId: string): boolean {
    const offer = this.player.room.shelf.offer(productId);
    if (!offer) return false;
    this.productId = productId;
    this.picks = firstPicks(offer);
    this.pieces = 1;
    return true;
  }

  pick = (name: string, value: string): void => {
    this.picks = { ...this.picks, [name]: value };
    this.#ui.later();
  };

  setPieces = (n: number): void => {
    this.pieces = n;
    this.#ui.later();
  };

  buyNow = async (productId: string, variantId: string, pieces: number): Promise<void> => {
    if (!this.#ui.emit('show-buyrequest', { productId, variantId, quantity: pieces }, true)) return;
    await this.bag.set(variantId, Math.max(pieces, this.bag.quantity(variantId)));
    if (!this.bag.trouble) this.checkOut();
    else if (!this.#ui.sheet) this.#ui.showSheet('bag');
  };

  addToBag = async (variantId: string, pieces: number): Promise<void> => {
    await this.bag.add(variantId, pieces);
    if (this.bag.trouble) {
      if (!this.#ui.sheet) this.#ui.showSheet('bag');
      return;
    }
    if (this.#ui.sheet === 'product') this.#ui.close();
    this.#ui.tell(this.#ui.t('inBag'));
  };

  checkOut = (): void => {
    const { player, till } = this;
    const goesOn = this.#ui.emit('show-checkoutrequest', { bagId: this.bag.id ?? '' }, true);
    if (!goesOn || this.#ui.getAttribute('checkout') === 'event') return;
    const region = new Intl.Locale(this.#ui.locale).maximize().region ?? '';
    const { ships_to: countries = [], shop } = player.show ?? {};
    const country = [region, shop?.country].find((code) => code && countries.includes(code)) ?? countries[0] ?? region;
    this.#ui.showSheet('checkout');
    void till
      .open(country, player.now)
      .then(() => till.stage === 'closed' && this.#ui.sheet === 'checkout' && this.#ui.showSheet('bag'));
  };

  close(): void {
    this.wrong = {};
    this.changing = false;
    this.till.leave();
  }

  fieldTyped = (event: InputEvent): void => {
    const input = event.target as HTMLInputElement;
    if (input.name === 'number') input.value = groupNumber(input.value);
    if (input.name === 'expiry') input.value = groupExpiry(input.value, event.inputType?.startsWith('delete'));
    if (!this.wrong[input.name]) return;
    this.wrong = Object.fromEntries(Object.entries(this.wrong).filter(([name]) => name !== input.name));
    this.#ui.later();
  };

  /** Once the address is whole, the quote follows it before the button is reached. */
  addressTyped = (event: Event): void => {
    const form = (event.currentTarget as Element).closest('form');
    const read = form && readDetails(new FormData(form));
    // The fields stay while somebody is in them, whatever the till knows by now.
    this.changing = true;
    if (read && 'contact' in read) void this.till.send(read.contact, read.address);
  };

  changeAddress = (): void => {
    this.changing = true;
    this.#ui.draw();
    this.#ui.find('[name="name"]')?.focus();
  };

  pay = async (event: Event): Promise<void> => {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const { till } = this;
    if (till.busy) return;
    const fields = new FormData(form);
    const text = (name: string) => String(fields.get(name) ?? '');
    const read = till.details && !this.changing ? till.details : readDetails(fields);
    const card = readCard(text('number'), text('expiry'), text('code'), Date.now());
    this.wrong = { ...('problems' in read ? read.problems : {}), ...('problems' in card ? card.problems : {}) };
    if ('problems' in read || 'problems' in card) {
      this.#ui.draw();
      form.querySelector<HTMLElement>('[aria-invalid]')?.focus();
      return;
    }
    if (!(await till.send(read.contact, read.address))) return;
    this.changing = false;
    await till.pay(card.card);
    // A refused card's digits do not stay on the screen.
    if (till.alert)
      form.querySelectorAll<HTMLInputElement>('[autocomplete^="cc-"]').forEach((input) => (input.value = ''));
  };

  rename = (event: Event): void => {
    event.preventDefault();
    this.player.rename((event.target as HTMLFormElement).querySelector('input')!.value);
    this.#ui.close();
  };

  addToCalendar(): void {
    const { show, now } = this.player;
    const at = Date.parse(show!.starts_at);
    const file = calendarEvent({
      id: show!.id,
      title: show!.title,
      at,
      minutes: BEFORE_SHOW_MINUTES,
      url: location.href,
      now,
    });
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([file], { type: 'text/calendar' }));
    link.download = 'show.ics';
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  }

  #paid(checkout: Checkout): void {
    const { minor, currency } = checkout.quote.total;
    this.changing = false;
    this.#ui.emit('show-orderpaid', { orderId: checkout.order?.id ?? '', total: { minor, currency } });
    this.player.fetchSoon('overlay');
  }
}

/** Makes the shop for this player and puts its styles and words beside the others. */
export function openShop(ui: ShowfloorShow, player: Player, kit: Kit): { shop: Shop; css: string } {
  useKit(kit);
  kit.addTexts(enShop);
  kit.addIcons(shopIcons);
  return { shop: new Shop(ui, player), css: text };
}
