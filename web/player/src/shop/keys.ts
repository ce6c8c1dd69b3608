import type { ShowfloorShow } from '../showfloor-show.ts';

/** Keys that act while focus is inside the player and not in a field. Letters can be turned off. */
export function key(ui: ShowfloorShow, event: KeyboardEvent): void {
  if (event.key === 'Tab' && ui.sheet) return trap(ui, event);
  if (event.key === 'Escape') {
    if (ui.sheet) ui.close();
    else if (ui.clean) ui.toggleClean();
    else if (ui.made) ui.makeBig();
    else return;
    return event.preventDefault();
  }
  const target = event.composedPath()[0] as Element;
  const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName) && (target as HTMLInputElement).type !== 'radio';
  if (ui.getAttribute('shortcuts') === 'off' || event.ctrlKey || event.metaKey || event.altKey || typing) return;
  const { player } = ui;
  if (!player) return;
  const does: Record<string, () => void> = {
    k: () => (ui.video?.paused ? player.picture.play() : player.picture.pause()),
    m: ui.toggleMute,
    f: ui.fullScreen,
    i: () => (ui.made ? ui.makeBig() : ui.makeSmall()),
    t: () => ui.find('#say')?.focus(),
    h: ui.heart,
    b: () => player.onNow && ui.open(player.onNow.id),
    g: () => ui.showSheet('bag'),
    x: ui.toggleClean,
    '?': () => ui.showSheet('more'),
  };
  const name = event.key.toLowerCase();
  if (!Object.hasOwn(does, name) || (ui.sheet && name !== 'm' && name !== 'k')) return;
  event.preventDefault();
  does[name]!();
}

/** Tab goes round inside the sheet. */
function trap(ui: ShowfloorShow, event: KeyboardEvent): void {
  const inside = [
    ...ui.shadowRoot!.querySelectorAll<HTMLElement>('.sheet :is(button, input, select, a[href]):not(:disabled)'),
  ];
  const now = ui.shadowRoot!.activeElement;
  const [first, last] = [inside[0], inside.at(-1)];
  const outside = !now?.closest('.sheet');
  const to = event.shiftKey
    ? now === first || outside || now?.id === 'sheet-h'
      ? last
      : null
    : now === last || outside
      ? first
      : null;
  if (!to) return;
  event.preventDefault();
  to.focus();
}
