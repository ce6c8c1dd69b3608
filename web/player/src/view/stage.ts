import { html, nothing } from 'lit/html.js';
import { avatar, badge, round, sound, type Ui, type View } from './bits.ts';
import { icon } from './icons.ts';
import { slot } from './slot.ts';
import { say, talk } from './talk.ts';

const bagButton = (ui: Ui): View => {
  const n = ui.shop?.bag.count ?? 0;
  return html`<button
    type="button"
    part="button"
    class="round glass"
    aria-label=${n ? ui.t('bagItems', { n }) : ui.t('bag')}
    aria-haspopup="dialog"
    @click=${() => ui.showSheet('bag')}
  >
    ${icon('bag')}${n ? html`<span class="badge-count" aria-hidden="true">${n}</span>` : nothing}
  </button>`;
};

const hearts = (ui: Ui): View =>
  html`<div class="hearts" aria-hidden="true">
    ${ui.shop?.hearts.map(
      ({ id, style }) =>
        html`<svg data-heart=${id} viewBox="0 0 24 24" .style=${style}>
          <path d="M12 20.2S4 15.4 4 9.6a4.4 4.4 0 0 1 8-2.5 4.4 4.4 0 0 1 8 2.5c0 5.8-8 10.6-8 10.6z"></path>
        </svg>`,
    )}
  </div>`;

const heartButton = (ui: Ui): View => round('heart', ui.t('heart'), ui.heart);

const rail = (ui: Ui): View => {
  const { t } = ui;
  const more = html`<button
    type="button"
    part="button"
    class="round glass"
    aria-label=${t('more')}
    aria-haspopup="dialog"
    @click=${() => ui.showSheet('more')}
  >
    ${icon('more')}
  </button>`;
  return html`<div part="rail" class="rail" role="group" aria-label=${t('player')}>
    ${ui.canMini ? round('down', t('makeSmall'), ui.makeSmall) : nothing}${ui.audible ? sound(ui, true) : nothing}${ui.player?.show ? round('grid', t('products'), () => ui.showSheet('all')) : nothing}${round('share', t('share'), ui.share)}${more}
  </div>`;
};

/** Words in the free row, only where there is no host to cover. */
function words(ui: Ui): View {
  const { t, phase, player } = ui;
  const name = (player?.show?.host.name ?? '').split(' ')[0] ?? '';
  const [title, text, more]: [string, string, View?] =
    phase === 'ended'
      ? [t('showEnded'), t('showEndedNote'), html`<slot name="ended"></slot>`]
      : phase === 'paused'
        ? [t('rightBack', { name }), t('rightBackNote')]
        : player?.trouble === 'missing'
          ? [t('notFound'), t('notFoundNote')]
          : player?.trouble
            ? [t('noShow'), t('noShowNote')]
            : phase === 'live' && player?.picture.state === 'blocked'
              ? [
                  '',
                  '',
                  html`<button type="button" class="go tall" @click=${ui.play}>
                    ${icon('play', 's')}${t('play')}
                  </button>`,
                ]
              : ui.late
                ? [t('pictureLate'), t('pictureLateNote')]
                : ['', ''];
  return title || more
    ? html`<div class="say-it" role="status">
        ${
          title
            ? html`<h3>${title}</h3>
                <p>${text}</p>`
            : nothing
        }${more ?? nothing}
      </div>`
    : nothing;
}

function over(ui: Ui): View {
  const { t, layout, phase, player } = ui;
  const wide = layout === 'desk' || layout === 'pair';
  const show = player?.show;
  const host =
    wide || ui.clean || !show
      ? nothing
      : html`<div part="host" class="host glass">
          ${avatar(ui)}
          <p class="host-name">${show.host.name}<span>${show.shop.name}</span></p>
        </div>`;
  const top = html`<header class="top">
    <div class="who">${host}${badge(ui)}</div>
    ${wide ? (ui.quietStart && ui.audible ? html`<div class="rail">${sound(ui, true)}</div>` : nothing) : ui.clean ? html`<div class="rail">${round('eye', t('talkHidden'), ui.toggleClean, true)}</div>` : rail(ui)}
  </header>`;
  if (!show) return html`<div class="over">${words(ui)}</div>`;
  const soon = phase === 'before';
  const talks = (!ui.clean || soon) && !wide;
  const land = layout === 'land';
  const act =
    ui.clean || (soon && wide)
      ? nothing
      : html`<div class="act">
          ${talks && !land ? say(ui) : nothing}${wide ? nothing : bagButton(ui)}${heartButton(ui)}${hearts(ui)}
        </div>`;
  return html`<div class="over" ?inert=${ui.covered}>
    ${top}${words(ui)}${talks ? talk(ui, land ? say(ui) : nothing) : nothing}${act}${soon ? ui.shop?.before() : slot(ui)}
  </div>`;
}

/** The whole component. The video stands in the middle of it and is never made anew. */
export function root(ui: Ui): View {
  const { t, layout, phase, player } = ui;
  const wide = layout === 'desk' || layout === 'pair';
  const small = layout === 'mini';
  const rest = wide ? ui.wide : null;
  const cover = player?.show?.cover && ui.media(player.show.cover.src);
  const seen = player?.picture.frameTime != null || player?.picture.state === 'playing';
  const names = ['root', layout, ui.scheme, `s-${player?.trouble ? 'none' : phase}`];
  if (ui.short) names.push('short');
  if (ui.clean) names.push('clean');
  if (ui.late) names.push('late');
  if (ui.sheet) names.push('has-sheet');
  if (ui.answered) names.push('has-paid');
  if (ui.chatHidden) names.push('no-chat');
  if (ui.widePicture) names.push('wide-picture');
  if (ui.tallPicture) names.push('tall-picture');
  return html`<div class=${names.join(' ')}>
    ${rest ? rest.head(ui) : nothing}${layout === 'desk' && rest ? rest.left(ui) : nothing}
    <section part=${small ? 'picture mini' : 'picture'} class="stage picture" aria-label=${t('livePicture')}>
      <canvas class="ambient" width="16" height="28" aria-hidden="true"></canvas>
      <div class="frame">
        <canvas class="still video" aria-hidden="true"></canvas
        ><video
          class="video"
          playsinline
          disablepictureinpicture
          disableremoteplayback
          muted
          tabindex="-1"
          aria-label=${t('livePicture')}
        ></video>
        ${seen && phase !== 'before' && phase !== 'ended' ? nothing : html`<div class="poster">${cover ? html`<img src=${cover} alt="" />` : nothing}<slot name="poster"></slot></div>`}
        <div class="cover"></div>
        ${phase === 'loading' ? nothing : html`<div class="shade"></div>`}${ui.clean && wide ? nothing : html`<div class="shade low"></div>`}
        ${small ? nothing : over(ui)}
        <div class="strip">${badge(ui, !small)}${small ? round('x', t('close'), ui.makeBig) : sound(ui)}</div>
        <div class="mini-keys">${sound(ui)}${round('expand', t('makeBig'), small ? ui.makeBig : ui.close)}</div>
      </div>
      ${rest ? rest.rail(ui) : nothing}
    </section>
    ${rest ? rest.right(ui) : nothing}${small && ui.wide ? ui.wide.mini(ui) : nothing}${ui.sheet && ui.shop ? ui.shop.view() : nothing}
    <div class="vh" aria-live="polite">${ui.spoken}</div>
    <div class="vh" role="status">${ui.told}</div>
  </div>`;
}
