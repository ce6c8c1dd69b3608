import type { Address, Checkout, Contact, Money, PaymentIntent, PaymentStart } from '@showfloor/api-client/http';
import type { Ask } from '../core/api.ts';
import type { Bag } from './bag.ts';
import { brandOf, type Card } from './card.ts';
import { allowedUrl, ApiError, ask, secret } from './kit.ts';
import type { TextKey } from '../text/texts.ts';

export type Stage = 'closed' | 'opening' | 'form' | 'paying' | 'challenge' | 'checking' | 'paid' | 'ended' | 'refunded';

export interface Alert {
  title: TextKey;
  note: TextKey;
  /** The server's own words, where they say more. */
  words?: string;
  amount?: Money;
}

/** How long the server may hold a question about a checkout. */
export const LONG_POLL_MS = 15_000;
/** A payment still undecided after this is "your bank is checking". */
export const CHECKING_AFTER_MS = 3_000;
const RETRY_MS = 1_500;
const PROVIDER_TRIES = 3;

export interface TillOptions {
  bag: Bag;
  onChange(): void;
  onPaid(checkout: Checkout): void;
  wait(ms: number): Promise<void>;
}

/** From bag to paid order: one hold, one frozen quote, payments that name it, and the bank's answer however late. */
export class Till {
  stage: Stage = 'closed';
  checkout: Checkout | null = null;
  alert: Alert | null = null;
  card: { brand: string; last4: string } | null = null;
  /** Where to send it, in memory only: a page that embeds the player must not find it stored. */
  details: { contact: Contact; address: Address } | null = null;
  saved = 0;
  readonly #o: TillOptions;
  #heldFor = '';
  #country = '';
  #intent: { start: PaymentStart } | null = null;
  #polling = 0;
  /** The bank's question was answered: news that it asks may still be on its way, and is old. */
  #answered = false;

  constructor(options: TillOptions) {
    this.#o = options;
  }

  /** The country of the quote as it stands. */
  get country(): string {
    return this.#country;
  }

  get busy(): boolean {
    return this.stage === 'opening' || this.stage === 'paying';
  }

  /** A hold that is still running, so that the bag can offer to go on with it. */
  holding(now: number): boolean {
    return (
      this.checkout?.state === 'open' && Date.parse(this.checkout.held_until) > now && this.#heldFor === this.#lines
    );
  }

  get #lines(): string {
    return JSON.stringify(this.#o.bag.cart?.lines.map((line) => [line.variant_id, line.quantity]) ?? []);
  }

  #set(stage: Stage, alert: Alert | null = null): void {
    this.stage = stage;
    this.alert = alert;
    this.#o.onChange();
  }

  /** After a reload: goes on with the hold, or waits for the bank, where the page was left. */
  async restore(): Promise<void> {
    const id = this.#o.bag.session.keep.get('checkout');
    if (!id || !/^\w+$/.test(id) || !this.#o.bag.id) return;
    try {
      this.checkout = await this.#ask<Checkout>(`/v1/checkouts/${id}`);
    } catch {
      return this.#keep(null);
    }
    this.#heldFor = this.#lines;
    this.#country = this.checkout.address?.country ?? '';
    const { contact, address, state } = this.checkout;
    if (contact && address) this.details = { contact, address };
    if (state === 'paying') void this.#follow();
    else if (state !== 'open' && state !== 'action_required') this.#keep(null);
  }

  /** Holds the pieces and freezes the quote. Edits of the bag since the last hold make a new one. */
  async open(country: string, now: number): Promise<void> {
    if (this.busy || this.stage === 'checking') return this.#o.onChange();
    if (this.holding(now)) return this.#set('form');
    this.#country = this.details?.address.country ?? country;
    this.#set('opening');
    // A hold of the same bag gives way to the new one at the server, where its end is kept too.
    this.checkout = null;
    this.#intent = null;
    const lines = this.#lines;
    try {
      const made = await this.#o.bag.ask<Checkout>('/checkouts', {
        method: 'POST',
        headers: { 'idempotency-key': secret() },
        body: { country: this.#country },
      });
      this.checkout = made;
      this.#heldFor = lines;
      this.saved = this.#o.bag.saved;
      this.#keep(made.id);
      if (this.details) await this.#send(this.details);
      this.#set('form');
    } catch (error) {
      await this.#o.bag.refresh();
      this.#set('closed', this.#trouble(error));
    }
  }

  /** Tells the shop where to send it; the quote may change with it, its hold does not. False if it was refused. */
  async send(contact: Contact, address: Address): Promise<boolean> {
    const before = this.checkout?.quote.total.minor;
    const details = { contact, address };
    if (JSON.stringify(details) === JSON.stringify(this.details) && this.checkout?.address) return true;
    try {
      await this.#send(details);
    } catch (error) {
      this.#set('form', this.#trouble(error));
      return false;
    }
    const total = this.checkout?.quote.total;
    const changed = total !== undefined && total.minor !== before;
    this.#set('form', changed ? { title: 'totalChanged', note: 'totalChangedNote', amount: total } : null);
    return !changed;
  }

  async #send(details: { contact: Contact; address: Address }): Promise<void> {
    if (!this.checkout) return;
    this.checkout = await this.#ask<Checkout>(`/v1/checkouts/${this.checkout.id}`, { method: 'PUT', body: details });
    this.details = details;
  }

  /** Pays the quote that is on the button; anything else on the way is said before a cent moves. */
  async pay(card: Card): Promise<void> {
    const { checkout } = this;
    if (!checkout || this.busy) return;
    this.#set('paying');
    let start: PaymentStart;
    try {
      start = await this.#ask<PaymentStart>(`/v1/checkouts/${checkout.id}/payments`, {
        method: 'POST',
        headers: { 'idempotency-key': secret() },
        body: { quote_hash: checkout.quote.hash, method: 'card' },
      });
    } catch (error) {
      if (error instanceof ApiError && error.slug === 'quote-changed') {
        await this.#look();
        const amount = this.checkout?.quote.total;
        return this.#set('form', { title: 'totalChanged', note: 'totalChangedNote', ...(amount ? { amount } : {}) });
      }
      if (error instanceof ApiError && (error.status === 410 || error.slug === 'checkout-over')) return this.ended();
      return this.#set('form', this.#trouble(error));
    }
    this.#intent = { start };
    this.#answered = false;
    this.card = { brand: brandOf(card.number), last4: card.number.slice(-4) };
    await this.#provider('confirm', { card });
  }

  async answer(pass: boolean): Promise<void> {
    if (this.stage !== 'challenge') return;
    this.#answered = true;
    this.#set('paying');
    await this.#provider('challenge', { answer: pass ? 'pass' : 'fail' });
  }

  /** The hold's time is over. The server decides it; this asks, unless a bank is still to answer. */
  async ended(): Promise<void> {
    if (this.stage === 'paid' || this.stage === 'checking') return;
    await Promise.all([this.#look(), this.#o.bag.refresh()]);
    if (this.checkout?.state === 'paid') return this.#paid();
    this.#keep(null);
    this.#set('ended');
  }

  /** Closes the sheet. A hold goes on; a bank's answer is still awaited. */
  leave(): void {
    if (this.stage === 'paid' || this.stage === 'refunded' || this.stage === 'ended') this.checkout = null;
    if (this.stage !== 'checking' && this.stage !== 'paying') this.#set('closed');
  }

  async #provider(step: 'confirm' | 'challenge', body: Record<string, unknown>): Promise<void> {
    const { start } = this.#intent!;
    const base = allowedUrl(start.provider_url);
    if (!base) return this.#set('form', { title: 'noAnswer', note: 'noAnswerNote' });
    const intent = new URL(`/v1/payment_intents/${encodeURIComponent(start.intent_id)}`, base);
    let answer: PaymentIntent | null = null;
    try {
      answer = await ask<PaymentIntent>(`${intent}/${step}`, {
        method: 'POST',
        body: { client_secret: start.client_secret, ...body },
      });
    } catch (error) {
      if (error instanceof ApiError && error.status >= 400 && error.status < 500)
        answer = { status: 'requires_payment_method' };
      // It may have arrived: ask what became of it instead of paying again.
      for (let i = 0; !answer && i < PROVIDER_TRIES; i++) {
        await this.#o.wait(RETRY_MS);
        const url = new URL(intent);
        url.searchParams.set('client_secret', start.client_secret);
        answer = await ask<PaymentIntent>(url).catch(() => null);
      }
    }
    if (!answer) return this.#set('form', { title: 'noAnswer', note: 'noAnswerNote' });
    switch (answer.status) {
      case 'requires_action':
        this.#answered = false;
        return this.#set('challenge');
      case 'requires_payment_method':
        await this.#look();
        return this.#declined(answer.error?.code, start.attempts_left);
      case 'processing':
        this.#set('checking');
        return this.#follow();
      case 'succeeded':
        return this.#follow();
    }
  }

  #declined(code: string | undefined, attemptsLeft: number): void {
    if (attemptsLeft <= 0) return this.#set('form', { title: 'tooMany', note: 'tooManyNote' });
    this.#set('form', { title: code === 'insufficient_funds' ? 'noFunds' : 'declined', note: 'declinedNote' });
  }

  /** Waits for the shop to know what the bank decided. */
  async #follow(): Promise<void> {
    const turn = ++this.#polling;
    void this.#o
      .wait(CHECKING_AFTER_MS)
      .then(() => turn === this.#polling && this.stage === 'paying' && this.#set('checking'));
    if (this.stage !== 'checking') this.#set('paying');
    while (turn === this.#polling && this.checkout) {
      const { id, version } = this.checkout;
      try {
        const next = await this.#ask<Checkout>(`/v1/checkouts/${id}?after=${version}&wait_ms=${LONG_POLL_MS}`);
        if (turn !== this.#polling) return;
        this.checkout = next;
        if (next.version === version) await this.#o.wait(RETRY_MS);
      } catch {
        await this.#o.wait(RETRY_MS);
        continue;
      }
      const { state, payment } = this.checkout;
      if (state === 'paid') return this.#paid();
      if (state === 'refunded') {
        this.#over();
        return this.#set('refunded');
      }
      if (state === 'expired' || state === 'cancelled') {
        this.stage = 'form';
        return this.ended();
      }
      if (state === 'action_required' && this.#intent && !this.#answered) return this.#set('challenge');
      if (payment?.state === 'failed' && state === 'open')
        return this.#declined(payment.failure, this.#intent?.start.attempts_left ?? 1);
    }
  }

  #paid(): void {
    this.#polling++;
    this.#over();
    this.#set('paid');
    if (this.checkout) this.#o.onPaid(this.checkout);
  }

  #over(): void {
    this.#keep(null);
    this.#intent = null;
    this.#o.bag.forget();
  }

  async #look(): Promise<void> {
    if (!this.checkout) return;
    this.checkout = await this.#ask<Checkout>(`/v1/checkouts/${this.checkout.id}`).catch(() => this.checkout);
  }

  #ask<T>(path: string, request: Ask = {}): Promise<T> {
    return this.#o.bag.askAt(path, request);
  }

  #keep(id: string | null): void {
    this.#o.bag.session.keep.set('checkout', id);
  }

  #trouble(error: unknown): Alert {
    if (!(error instanceof ApiError) || error.status === 0 || error.status >= 500)
      return { title: 'noAnswer', note: 'noAnswerNote' };
    if (error.slug === 'sold-out' || error.slug === 'not-enough-left')
      return { title: 'someGone', note: 'someGoneNote' };
    const { detail, next, title, errors } = error.problem;
    const words = [detail ?? title, ...(errors ?? []).map((e) => e.detail), next].filter(Boolean).join(' ');
    return {
      title: error.status === 429 || error.slug === 'no-attempts-left' ? 'tooMany' : 'notSaved',
      note: 'tooManyNote',
      ...(words ? { words } : {}),
    };
  }
}
