import { html, nothing } from 'lit/html.js';
import type { Line } from '../core/talk.ts';
import type { TextKey } from '../text/texts.ts';
import { clock, type Ui, type View } from './bits.ts';
import { icon } from './icons.ts';

const refusals: Record<string, TextKey> = {
  slow_mode: 'refusedSlow',
  rate_limited: 'refusedRate',
  muted: 'refusedOther',
  blocked: 'refusedBlocked',
  link: 'refusedLink',
  duplicate: 'refusedDuplicate',
  too_long: 'refusedLong',
};

const tag = (ui: Ui, line: Line): View => {
  const word = line.mine ? ui.t('you') : line.role === 'viewer' ? '' : ui.t(line.role);
  return word ? html`<span class="tag">${word}</span>` : nothing;
};

function line(ui: Ui, l: Line): View {
  const { t } = ui;
  switch (l.kind) {
    case 'sold':
      return html`<li part="message" class="line fact">${icon('bag', 'xs')}<span>${t('bought', { name: l.name || t('someone'), title: l.title ?? '' })}</span></li>`;
    case 'removed':
      return html`<li part="message" class="line gone">${t('removed')}</li>`;
    case 'gap':
      return html`<li part="message" class="line gone">${t('someSkipped')}</li>`;
    case 'said': {
      const held =
        l.state === 'waiting'
          ? t(ui.player?.status.is === 'open' ? 'sending' : 'sendsLater')
          : l.state === 'refused'
            ? t('notSent', { why: t((Object.hasOwn(refusals, l.why ?? '') && refusals[l.why!]) || 'refusedOther') })
            : '';
      return html`<li part="message" class="line ${held ? 'held' : ''}" data-id=${l.key}>
        ${l.replyTo ? html`<span class="quote">${l.replyTo.name}: ${l.replyTo.text}</span>` : nothing}<b>${l.name || t('you')}</b> ${tag(ui, l)}${l.text}${held
          ? html`<small>${held}</small>`
          : nothing}
      </li>`;
    }
  }
}

export const log = (ui: Ui): View =>
  // The log is not live by itself: a region of its own reads it out, at a pace that can be followed.
  html`<div part="chat" class="chat" role="log" aria-live="off" tabindex="0" aria-label=${ui.t('chatMessages')}>
    <ol>
      ${ui.player?.room.talk.lines.map((l) => line(ui, l))}
    </ol>
  </div>`;

/** One at a time, the most pressing first. */
export function moment(ui: Ui): View {
  const { t, player } = ui;
  if (!player) return nothing;
  const { room, status } = player;
  if (player.offline && status.is !== 'closed') {
    const wait = status.is === 'waiting' ? Math.max(0, Math.ceil((status.retryAt - Date.now()) / 1000)) : 0;
    return html`<div part="moment" class="bar glass" role="status">
      ${icon('offline')}<span>${wait ? t('noConnection', { s: wait }) : t('connecting')}</span><button type="button" @click=${player.retry}>${t('tryNow')}</button>
    </div>`;
  }
  const news = ui.sheet ? null : ui.shop?.news;
  if (news)
    return html`<div part="moment" class="bar glass" role="status">
      ${icon('bag')}<span>${news}</span><button type="button" @click=${() => ui.showSheet('checkout')}>${t('seeOrder')}</button>
    </div>`;
  const flash = player.flash;
  if (flash && flash.ends_at > player.now) {
    const flashed = flash.prices[0]?.price;
    const usual = player.usual(flash);
    return html`<section part="moment" class="flash" aria-label=${t('flashPrice', { price: '' })}>
      ${icon('bolt', 's')}
      <p>
        <b>${t('flashPrice', { price: flashed ? ui.money(flashed, true) : '' })}</b>${usual ? t('flashThen', { cap: flash.cap, price: ui.money(usual, true) }) : nothing}
      </p>
      <time role="timer" aria-live="off">${clock(flash.ends_at - player.now)}</time>
    </section>`;
  }
  if (room.pinnedMessage)
    return html`<p part="moment" class="moment glass">
      ${icon('pin', 'xs')}<span><span class="vh">${t('pinnedBy', { name: room.pinnedMessage.from.name })}</span>${room.pinnedMessage.text}</span>
    </p>`;
  if (room.banner) return html`<p part="moment" class="moment glass">${icon('pin', 'xs')}<span>${room.banner}</span></p>`;
  if (room.slowS) return html`<p part="moment" class="moment glass">${icon('clock', 'xs')}<span>${t('slowMode', { s: room.slowS })}</span></p>`;
  return nothing;
}

export const talk = (ui: Ui, rest: View = nothing): View =>
  html`<section class="talk" aria-label=${ui.t('chat')}>${log(ui)}${moment(ui)}${rest}</section>`;

export function say(ui: Ui, always = false): View {
  const { t, player } = ui;
  const room = player?.room;
  const now = player?.now ?? 0;
  if (player?.status.is === 'closed' && player.status.why === 'banned') return html`<p class="say glass closed">${t('chatClosed')}</p>`;
  if (room && room.mutedUntil > now) return html`<p class="say glass closed">${t('chatPaused', { time: ui.time(room.mutedUntil) })}</p>`;
  const wait = room ? Math.ceil((room.sayAt - now) / 1000) : 0;
  return html`<form part="field" class="say glass" @submit=${ui.sendMessage}>
    <label class="vh" for="say">${t('message')}</label
    ><input id="say" name="say" type="text" maxlength="500" autocomplete="off" enterkeyhint="send" placeholder=${wait > 0 ? t('yourTurn', { s: wait }) : t('saySomething')} @input=${ui.typed} />${ui.typing ||
    always
      ? html`<button type="submit" class="send-in" aria-label=${t('send')}>${icon('send', 's')}</button>`
      : nothing}
  </form>`;
}
