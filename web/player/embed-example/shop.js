// What a shop writes: where the show is, and what it likes to hear of it. Open this page as ?show=shw_…
const show = document.querySelector('showfloor-show');
const wanted = new URLSearchParams(location.search).get('show');
if (wanted) show.setAttribute('show', wanted);

show.addEventListener('show-bagchange', ({ detail }) => {
  document.querySelector('#basket').textContent = String(detail.count);
});
show.addEventListener('show-orderpaid', ({ detail }) => {
  const total = new Intl.NumberFormat('en', { style: 'currency', currency: detail.total.currency });
  document.querySelector('#thanks').textContent =
    `Thank you. ${total.format(detail.total.minor / 10 ** total.resolvedOptions().maximumFractionDigits)} is paid.`;
});
