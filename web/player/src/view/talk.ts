import { html, nothing } from 'lit/html.js';
import type { Line } from '../core/talk.ts';
import type { TextKey } from '../text/texts.ts';
import type { Ui, View } from './bits.ts';
import { icon } from './icons.ts';

const tag = (ui: Ui, line: Line): View => {
  const word = line.mine ? ui.t('you') : line.role === 'viewer' ? '' : ui.t(line.role);
  return word ? html`<span class="tag">${word}</span>` : nothing;
};

function line(ui: Ui, l: Line): View {
  const { t } = ui;
  switch (l.kind) {
    case 'sold':
      return html`<li part="message" class="line fact">
        ${icon('bag', 'xs')}<span>${t('bought', { name: l.name || t('someone'), title: l.title ?? '' })}</span>
      </li>`;
    case 'removed':
      return html`<li part="message" class="line gone">${t('removed')}</li>`;
    case 'gap':
      return html`<li part="message" class="line gone">${t('someSkipped')}</li>`;
    case 'said': {
      const held =
        l.state === 'waiting'
          ? t(ui.player?.status.is === 'open' ? 'sending' : 'sendsLater')
          : l.state === 'refused'
            ? t('notSent', { why: t(`refused_${l.why}` as TextKey) || t('refused_other') })
            : '';
      return html`<li part="message" dir="auto" class="line ${held ? 'held' : ''}" data-id=${l.key}>
        ${l.replyTo ? html`<span class="quote">${l.replyTo.name}: ${l.replyTo.text}</span>` : nothing}<b
          >${l.name || t('you')}</b
        >
        ${tag(ui, l)}<span>${l.text}</span>${held ? html`<small>${held}</small>` : nothing}
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

export const talk = (ui: Ui, rest: View = nothing): View =>
  html`<section class="talk" aria-label=${ui.t('chat')}>${log(ui)}${ui.shop?.moment()}${rest}</section>`;

export function say(ui: Ui, always = false): View {
  const { t, player } = ui;
  const room = player?.room;
  const now = player?.now ?? 0;
  if (player?.status.is === 'closed' && player.status.why === 'banned')
    return html`<p class="say glass closed">${t('chatClosed')}</p>`;
  if (room && room.mutedUntil > now)
    return html`<p class="say glass closed">${t('chatPaused', { time: ui.time(room.mutedUntil) })}</p>`;
  const wait = room ? Math.ceil((room.sayAt - now) / 1000) : 0;
  return html`<form part="field" class="say glass" @submit=${ui.sendMessage}>
    <label class="vh" for="say">${t('message')}</label
    ><input
      id="say"
      name="say"
      type="text"
      maxlength="500"
      autocomplete="off"
      enterkeyhint="send"
      placeholder=${wait > 0 ? t('yourTurn', { s: wait }) : t('saySomething')}
      @input=${ui.typed}
    />${
      ui.typing || always
        ? html`<button type="submit" class="send-in" aria-label=${t('send')}>${icon('send', 's')}</button>`
        : nothing
    }
  </form>`;
}
