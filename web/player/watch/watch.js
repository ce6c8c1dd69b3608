// The watch page at /s/{show_id}: one show, filling the window. The address names the show and nothing else.
// Our own page speaks the viewer's language; a shop's page says its own.
document.documentElement.lang = navigator.language;

const [, showId] = /^\/s\/(shw_[0-9a-z]+)\/?$/i.exec(location.pathname) ?? [];
const show = document.createElement('showfloor-show');
show.setAttribute('mini', 'off');
if (showId) show.setAttribute('show', showId);
document.body.append(show);

show.addEventListener('show-statechange', () => {
  const title = show.player?.show?.title;
  if (title) document.title = title;
});
