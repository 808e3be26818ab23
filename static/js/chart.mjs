// The chart works by links alone. This goes to the same addresses without a new page, and lets a
// reader drag, pinch and press keys instead of a link. It moves nothing by itself.

const chart = () => document.getElementById('chart');
const lanes = () => chart()?.querySelector('.lanes');
const LENGTHS = [1, 3, 12, 36, 120];
const FAR = 6; // pixels before a press is a drag

// What the server says of the window: months counted from January of year 0.
function steering() {
  const said = lanes()?.dataset;
  if (!said?.plain) return null;
  const [first, months, least, most] = said.months.split(' ').map(Number);
  return { first, months, least, most, plain: said.plain, names: said.names.split(' ') };
}

const written = (month) => `${String(Math.floor(month / 12)).padStart(4, '0')}-${String((month % 12) + 1).padStart(2, '0')}`;

function addressOf(window, first, months) {
  const address = new URL(window.plain, location.href);
  for (const name of window.names) {
    address.searchParams.set(name, written(name.endsWith('from') ? first : first + months - 1));
  }
  return address;
}

function move(by) {
  const window = steering();
  if (!window || window.months > window.most - window.least) return false;
  const first = Math.min(Math.max(window.first + by, window.least), window.most + 1 - window.months);
  if (first === window.first) return false;
  show(addressOf(window, first, window.months), { push: true });
  return true;
}

// Closer around a place of the window, 0 at its start and 1 at its end, or back from it.
function zoom(closer, at = 0.5) {
  const window = steering();
  if (!window) return;
  const months = closer
    ? LENGTHS.findLast((each) => each < window.months)
    : LENGTHS.find((each) => each > window.months);
  if (closer && !months) return;
  if (!months) {
    if (location.href !== new URL(window.plain, location.href).href) show(new URL(window.plain, location.href), { push: true });
    return;
  }
  const first = Math.floor(window.first + at * (window.months - months));
  show(addressOf(window, Math.max(first, 12), months), { push: true });
}

// Which part had the focus, in words that find it again.
function place(element) {
  if (!element || !chart()?.contains(element)) return () => null;
  if (element.id) return () => document.getElementById(element.id);
  if (element === lanes()) return lanes;
  const words = (each) => each.getAttribute('aria-label') ?? each.textContent;
  const said = words(element);
  return () => [...chart().querySelectorAll('a, summary, button')].find((each) => words(each) === said) ?? lanes();
}

let running = null;
let here = location.pathname + location.search;

async function show(address, { push }) {
  running?.abort();
  running = new AbortController();
  const focus = place(document.activeElement);
  chart().setAttribute('aria-busy', 'true');
  try {
    const answer = await fetch(address, { signal: running.signal, headers: { Accept: 'text/html' } });
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const fresh = page.getElementById('chart');
    if (!fresh) throw new Error('not a chart');
    const scrolled = lanes()?.scrollLeft ?? 0;
    chart().replaceWith(fresh);
    document.title = page.title;
    if (push) history.pushState({ chart: true }, '', answer.url.split('#')[0]);
    here = location.pathname + location.search;
    begin();
    if (lanes()) lanes().scrollLeft = scrolled;
    focus()?.focus({ preventScroll: true });
    const part = address.hash ? document.getElementById(address.hash.slice(1)) : null;
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
    part?.scrollIntoView({ block: 'nearest', behavior: still ? 'auto' : 'smooth' });
    const said = document.getElementById('moved');
    if (said) said.textContent = (part?.querySelector('h3') ?? part?.querySelector('h2') ?? chart().querySelector('h1')).textContent;
  } catch (error) {
    if (error.name !== 'AbortError') location.assign(address);
  }
}

const plain = (event) => !(event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);

document.addEventListener('click', (event) => {
  const link = plain(event) && event.target.closest?.('#chart a');
  if (!link) return;
  const address = new URL(link.href.baseVal ?? link.href, location.href);
  const same = address.pathname === location.pathname && address.search !== location.search;
  if (address.origin !== location.origin || !same) return;
  event.preventDefault();
  show(address, { push: true });
});

addEventListener('popstate', () => {
  const now = location.pathname + location.search;
  if (chart() && now !== here) show(new URL(location.href), { push: false });
  here = now;
});

document.addEventListener('keydown', (event) => {
  if (!lanes()?.contains(event.target) || event.metaKey || event.ctrlKey || event.altKey) return;
  const wide = lanes().scrollWidth > lanes().clientWidth + 1;
  const link = { ArrowLeft: 'prev', ArrowRight: 'next' }[event.key];
  if (link && !wide) chart().querySelector(`a[rel=${link}]`)?.click();
  else if (event.key === '+' || event.key === '=') zoom(true);
  else if (event.key === '-') zoom(false);
  else return;
  event.preventDefault();
});

// Fingers and pointers on the drawing, by their ids.
const held = new Map();
let drag = null;

const across = (x) => {
  const box = lanes().firstElementChild.getBoundingClientRect();
  return Math.min(Math.max((x - box.left) / box.width, 0), 1);
};
const spread = () => {
  const [one, other] = [...held.values()];
  return Math.hypot(one.x - other.x, one.y - other.y);
};

function begin() {
  const region = lanes();
  if (!region) return;
  const wide = () => region.scrollWidth > region.clientWidth + 1;
  region.classList.toggle('live', !wide());
  region.addEventListener('dragstart', (event) => event.preventDefault());
  region.addEventListener('wheel', (event) => {
    if (!event.ctrlKey || !event.deltaY) return;
    event.preventDefault();
    if (!chart().hasAttribute('aria-busy')) zoom(event.deltaY < 0, across(event.clientX));
  }, { passive: false });
  region.addEventListener('pointerdown', (event) => {
    if (event.button) return;
    held.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (held.size === 2) drag = { from: spread(), at: across([...held.values()].reduce((sum, each) => sum + each.x / 2, 0)) };
    else if (held.size === 1 && !wide()) drag = { x: event.clientX, by: 0 };
  });
}

addEventListener('pointermove', (event) => {
  if (!held.has(event.pointerId)) return;
  held.set(event.pointerId, { x: event.clientX, y: event.clientY });
  if (!drag || drag.from) return;
  drag.by = event.clientX - drag.x;
  if (Math.abs(drag.by) > FAR) {
    drag.moved = true;
    lanes().firstElementChild.style.translate = `${drag.by}px`;
  }
});

function release(event) {
  if (!held.has(event.pointerId)) return;
  const done = drag;
  const apart = held.size === 2 ? spread() : 0;
  held.delete(event.pointerId);
  if (!done) return;
  drag = null;
  if (done.moved) {
    // The press began on a mark, perhaps; a drag doesn't follow its link.
    addEventListener('click', (click) => { click.preventDefault(); click.stopPropagation(); }, { capture: true, once: true });
    setTimeout(() => { drag = null; }, 0);
  }
  lanes().firstElementChild.style.translate = '';
  if (event.type === 'pointercancel') return;
  if (done.from) {
    if (apart > done.from * 1.2) zoom(true, done.at);
    else if (apart < done.from / 1.2) zoom(false, done.at);
  } else if (done.moved) {
    const window = steering();
    const share = -done.by / lanes().firstElementChild.getBoundingClientRect().width;
    if (window) move(Math.round(share * window.months) || (Math.abs(share) > 0.1 ? Math.sign(share) : 0));
  }
}
addEventListener('pointerup', release);
addEventListener('pointercancel', release);

begin();
