import { render } from 'lit/html.js';
import { formatMoney } from '@showfloor/api-client/money';
import type { Money } from '@showfloor/api-client/http';
import { allowedUrl, apiOrigin } from './core/api.ts';
import type { Offer } from './core/shelf.ts';
import { Player, type Phase } from './player.ts';
import { layoutFor, type Layout } from './core/layout.ts';
import type { Shop } from './shop/shop.ts';
import type { Wide } from './wide/wide.ts';
import { english, knownLocale, textsFor, type Say, type TextKey } from './text/texts.ts';
import { kit } from './kit.ts';
import { root } from './view/stage.ts';
import pictureStyles from './styles/picture.css';
import tokens from './styles/tokens.css';

export type SheetName = 'product' | 'bag' | 'checkout' | 'all' | 'more';

/** Attributes that name another show, shop or viewer: the player starts over. */
const STARTS_OVER = ['show', 'api', 'token', 'locale', 'currency'];
/** Where a host's face is, as a share of the picture's height from the top. */
const FACE_AT = 0.26;
const TOLD_FOR_MS = 4_000;
/** The shop's part of the player is fetched with the first frame, and without one after this. */
const SHOP_AFTER_MS = 1_000;

const made = new Map<string, CSSStyleSheet>();
/** One sheet for all players on a page. */
function styles(css: string): CSSStyleSheet {
  let sheet = made.get(css);
  if (!sheet) {
    made.set(css, (sheet = new CSSStyleSheet()));
    sheet.replaceSync(css);
  }
  return sheet;
}

/** `<showfloor-show show="shw_…">`: a live show with its shop inside. README.md documents its surface. */
export class ShowfloorShow extends HTMLElement {
  static observedAttributes = [...STARTS_OVER, 'layout', 'scheme', 'muted', 'mini'];

  player: Player | null = null;
  t: Say = english;
  locale = 'en';
  layout: Layout = 'phone';
  short = false;
  sheet: SheetName | null = null;
  shop: Shop | null = null;
  wide: Wide | null = null;
  clean = false;
  chatHidden = false;
  typing = false;
  rising = false;
  quietStart = true;
  widePicture = false;
  tallPicture = false;
  spoken = '';
  told = '';
  readonly #shadow = this.attachShadow({ mode: 'open' });
  video: HTMLVideoElement | null = null;
  #sizes = new ResizeObserver(() => this.#measure());
  #queued = false;
  #starting = false;
  #opener: Element | null = null;
  #shown = '';
  /** The page has not made it small; the viewer has. */
  made = false;
  #toldTimer: ReturnType<typeof setTimeout> | undefined;
  #painted = ',,';

  // ───── the page's side ─────

  /** UTC ms at which the frame on screen was captured; null while there is none. */
  get frameTime(): number | null {
    return this.player?.picture.frameTime ?? null;
  }

  play = (): void => this.player?.picture.play();

  /** Opens a product's sheet. */
  open(productId: string): void {
    void this.#need().then((shop) => shop?.open(productId) && this.showSheet('product'));
  }

  connectedCallback(): void {
    this.#dress(tokens + pictureStyles);
    this.addEventListener('keydown', this.#key);
    this.#sizes.observe(this);
    this.#start();
  }

  disconnectedCallback(): void {
    this.removeEventListener('keydown', this.#key);
    this.#sizes.disconnect();
    this.player?.stop();
    this.player = this.shop = null;
  }

  attributeChangedCallback(name: string, old: string | null, value: string | null): void {
    if (old === value || !this.isConnected) return;
    if (STARTS_OVER.includes(name)) this.#start();
    else if (name === 'muted') this.#hush(value !== null);
    else this.#measure();
  }

  #start(): void {
    if (this.#starting) return;
    this.#starting = true;
    queueMicrotask(async () => {
      this.#starting = false;
      if (!this.isConnected) return;
      this.player?.stop();
      this.player = this.shop = this.sheet = null;
      this.locale = knownLocale(
        this.getAttribute('locale') || document.documentElement.lang || navigator.language,
        'en',
      );
      this.removeAttribute('on-now');
      this.draw();
      const showId = this.getAttribute('show') ?? '';
      const origin = apiOrigin(this.getAttribute('api'), location.href);
      if (!/^shw_[0-9a-z]{1,64}$/i.test(showId) || !origin) {
        const type = origin ? 'show' : 'api';
        this.emit('show-error', { type, next: `Set the ${type} attribute.` });
        return;
      }
      this.player = new Player({
        showId,
        origin,
        token: this.getAttribute('token'),
        locale: this.locale,
        currency: this.getAttribute('currency'),
        video: this.video!,
        still: this.find('.still') as HTMLCanvasElement,
        onChange: (atOnce) => (atOnce ? this.draw() : this.later()),
        emit: this.emit,
        onPinned: (offer) => {
          this.rising = true;
          if (offer) this.speak(`${this.t('onNow')}: ${offer.title}, ${this.money(offer.price)}`);
        },
        onHearts: (n) => this.shop?.rise(n),
        onRefused: (reason) => this.tell(this.t(`refused_${reason}` as TextKey) || this.t('refused_other')),
        onSaid: (line) => this.shop?.said(line),
        onSecond: () => this.shop?.second(),
      });
      this.player.start();
      setTimeout(() => void this.#need(), SHOP_AFTER_MS);
      const locale = this.locale;
      const say = await textsFor(locale);
      if (locale === this.locale) this.t = say;
      this.later();
    });
  }

  emit = (name: string, detail: object, cancelable = false): boolean =>
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true, cancelable }));

  // ───── for the views ─────

  get phase(): Phase {
    return this.player?.phase ?? 'loading';
  }

  get scheme(): string {
    const scheme = this.getAttribute('scheme');
    return scheme === 'light' || scheme === 'dark' ? scheme : '';
  }

  get muted(): boolean {
    return this.video?.muted ?? true;
  }

  /** There is a picture to hear. */
  get audible(): boolean {
    return /^(live|paused|offline)$/.test(this.phase);
  }

  get canMini(): boolean {
    return this.getAttribute('mini') !== 'off' && this.audible;
  }

  /** Behind a sheet nothing can be reached. */
  get covered(): boolean {
    return this.sheet !== null;
  }

  get late(): boolean {
    const { player } = this;
    return player?.phase === 'live' && player.picture.state === 'late' && !this.video?.paused;
  }

  /** The picture goes into a corner beside the answer. */
  get answered(): boolean {
    return this.sheet === 'checkout' && (this.shop?.answered ?? false);
  }

  money = (money: Money, short = false): string => formatMoney(money, this.locale, short);
  number = (n: number): string => new Intl.NumberFormat(this.locale).format(n);
  time = (ms: number): string =>
    new Intl.DateTimeFormat(this.locale, { hour: 'numeric', minute: '2-digit' }).format(ms);
  when = (ms: number): string =>
    new Intl.DateTimeFormat(this.locale, {
      weekday: 'long',
      day: 'numeric',
      month: 'long',
      hour: 'numeric',
      minute: '2-digit',
    }).format(ms);
  /** Calendar days, as the shop names them: no zone moves them. */
  dates = (from: number, to: number): string =>
    new Intl.DateTimeFormat(this.locale, {
      weekday: 'short',
      day: 'numeric',
      month: 'short',
      timeZone: 'UTC',
    }).formatRange(from, to);

  /** An image address that may be fetched, or nothing. */
  media = (src: string): string => allowedUrl(src, this.player?.session.origin)?.href ?? '';
  mediaSet = (srcset: string): string =>
    srcset
      .split(',')
      .flatMap((part) => {
        const [src = '', width = ''] = part.trim().split(/\s+/);
        return /^\d+w$/.test(width) && this.media(src) ? [`${this.media(src)} ${width}`] : [];
      })
      .join(', ');

  showSheet = (name: SheetName): void => {
    if (!this.sheet) this.#opener = this.#shadow.activeElement;
    void this.#need().then((shop) => {
      if (!shop) return;
      this.sheet = name;
      if (this.made) this.makeBig();
      this.later();
    });
  };

  close = (): void => {
    this.sheet = null;
    this.shop?.close();
    this.draw();
    const back = this.#opener?.isConnected
      ? this.#opener
      : (this.find('.slot [part=buy]') ?? this.find('.slot button'));
    (back as HTMLElement | null)?.focus({ preventScroll: true });
    this.#opener = null;
  };

  /** Buy on the card: straight on where there is nothing to choose, else the sheet. */
  buy = (offer: Offer): void => {
    const [only, more] = offer.variants;
    if (more || !only) this.open(offer.id);
    else void this.#need().then((shop) => shop?.buyNow(offer.id, only.id, 1));
  };

  quickAdd = (offer: Offer): void => {
    const [only, more] = offer.variants;
    if (more || !only) this.open(offer.id);
    else void this.#need().then((shop) => shop?.addToBag(only.id, 1));
  };

  checkOut = (): void => void this.#need().then((shop) => shop?.checkOut());

  sendMessage = (event: Event): void => {
    event.preventDefault();
    const input = (event.target as HTMLFormElement).querySelector('input')!;
    this.player?.say(input.value);
    input.value = '';
    this.typing = false;
    this.later();
  };

  typed = (event: Event): void => {
    this.typing = (event.target as HTMLInputElement).value.trim() !== '';
    this.later();
  };

  heart = (): void => {
    this.player?.heart();
    this.shop?.rise(1);
  };

  toggleMute = (): void => this.#hush(!this.muted);
  toggleClean = (): void => {
    this.clean = !this.clean;
    this.later();
  };
  toggleChat = (): void => {
    this.chatHidden = !this.chatHidden;
    this.later();
  };

  makeSmall = (): void => {
    if (!this.canMini || !this.emit('show-minirequest', {}, true)) return;
    this.made = true;
    this.classList.add('made-mini');
    this.#measure();
  };

  makeBig = (): void => {
    this.made = false;
    this.classList.remove('made-mini');
    this.#measure();
  };

  fullScreen = (): void => void this.#need().then((shop) => shop?.fullScreen());
  share = (): void => void this.#need().then((shop) => shop?.share());

  // ───── inside ─────

  find = (selector: string): HTMLElement | null => this.#shadow.querySelector<HTMLElement>(selector);

  /** The shop, fetched when it is first needed; null if the show changed meanwhile or the fetch failed. */
  async #need(): Promise<Shop | null> {
    const { player } = this;
    if (!player || this.shop) return this.shop;
    try {
      const { openShop } = await import('./shop/shop.ts');
      if (this.player !== player) return null;
      if (!this.shop) {
        const { shop, css } = openShop(this, player, kit);
        this.shop = shop;
        this.#dress(css);
        this.later();
      }
    } catch {
      this.emit('show-error', { type: 'load', next: 'Nothing: the next tap tries again.' });
    }
    return this.shop;
  }

  #dress(css: string): void {
    const sheet = styles(css);
    const worn = this.#shadow.adoptedStyleSheets;
    if (!worn.includes(sheet)) this.#shadow.adoptedStyleSheets = [...worn, sheet];
  }

  async #widen(): Promise<void> {
    const { widen } = await import('./wide/wide.ts');
    this.wide ??= widen(kit);
    this.#dress(this.wide.css);
    this.later();
  }

  /** A theme from the page is checked before it is used; most pages set none. */
  async #paint(inner: HTMLElement, outer: CSSStyleDeclaration): Promise<void> {
    const own = (name: string) => outer.getPropertyValue(`--showfloor-${name}`).trim();
    const wanted = [own('accent'), own('on-accent'), own('radius')] as const;
    if (wanted.join() === this.#painted) return;
    this.#painted = wanted.join();
    const { theme } = await import('./view/paint.ts');
    for (const [name, value] of theme(...wanted)) inner.style.setProperty(name, value);
  }

  #hush(muted: boolean): void {
    if (!this.video) return;
    this.video.muted = muted;
    if (!muted) {
      this.quietStart = false;
      this.play();
    }
    if (this.hasAttribute('muted') !== (muted && !this.quietStart))
      this.toggleAttribute('muted', muted && !this.quietStart);
    this.later();
  }

  speak(words: string): void {
    this.spoken = words;
    this.later();
  }

  tell(words: string): void {
    this.told = words;
    clearTimeout(this.#toldTimer);
    this.#toldTimer = setTimeout(() => {
      this.told = '';
      this.later();
    }, TOLD_FOR_MS);
    this.later();
  }

  #measure(): void {
    const { clientWidth: width, clientHeight: height } = this;
    const attribute = this.made ? 'mini' : this.getAttribute('layout');
    this.layout = layoutFor(attribute, width, height);
    this.short = height < 700;
    const ratio = this.video && this.video.videoHeight ? this.video.videoWidth / this.video.videoHeight : 9 / 16;
    // Filling a tall phone with a wide picture would cut most of it away.
    this.tallPicture = ratio < 1;
    this.widePicture = (this.layout === 'phone' || this.layout === 'mini') && ratio > 1;
    if (!this.wide && (this.layout !== 'phone' || this.widePicture)) void this.#widen();
    this.draw();
    const inner = this.find('.root');
    if (!inner) return;
    const set = (name: string, value: string | null) => inner.style.setProperty(name, value);
    set('--ratio', String(ratio));
    set('--ratio-n', String(ratio));
    const ease = Math.max(0.8, Math.min(1, width / (height * ratio)));
    set('--ease', String(ease));
    const outer = getComputedStyle(this);
    set('--font', outer.fontFamily);
    void this.#paint(inner, outer);
  }

  later(): void {
    if (this.#queued) return;
    this.#queued = true;
    queueMicrotask(() => this.#queued && this.draw());
  }

  draw(): void {
    this.#queued = false;
    render(root(this), this.#shadow);
    if (!this.video) {
      this.video = this.#shadow.querySelector('video')!;
      this.video.muted = true;
      this.quietStart = !this.hasAttribute('muted');
      this.video.addEventListener('resize', () => this.#measure());
      this.video.addEventListener('loadeddata', () => void this.#need());
      this.#measure();
    }
    this.#reflect('state', this.phase);
    this.#reflect('on-now', this.player?.room.pinned?.productId ?? null);
    this.wide?.drawAmbient(this.find('.ambient') as HTMLCanvasElement | null, this.video);
    const log = this.find('.chat');
    if (log && Math.abs(log.scrollTop) < 40) log.scrollTop = 0;
    this.#ease();
    this.#focusSheet();
  }

  #reflect(name: string, value: string | null): void {
    if (this.getAttribute(name) === value) return;
    if (value === null) this.removeAttribute(name);
    else this.setAttribute(name, value);
  }

  /** Behind a sheet the picture eases up, so that the face stays in the strip that is left. */
  #ease(): void {
    const sheet = this.find('.sheet');
    if (!sheet || this.layout !== 'phone') return;
    const { clientWidth: width, clientHeight: height } = this;
    const ease = Math.max(0.8, Math.min(1, (width / height) * (16 / 9)));
    const strip = height - sheet.offsetHeight;
    const up = Math.min(0, Math.round(strip / 2 + 12 - FACE_AT * height * ease));
    this.find('.root')!.style.setProperty('--up', `${up}px`);
  }

  /** Focus enters a sheet, and each new view of it, at its heading. */
  #focusSheet(): void {
    const view = `${this.sheet ?? ''} ${this.sheet === 'checkout' ? this.shop?.subject : ''}`;
    if (view === this.#shown) return;
    this.#shown = view;
    if (this.sheet) this.find('#sheet-h')?.focus({ preventScroll: true });
  }

  #key = (event: KeyboardEvent): void => {
    if (this.shop) this.shop.key(event);
    else void this.#need();
  };
}

if (!customElements.get('showfloor-show')) customElements.define('showfloor-show', ShowfloorShow);
