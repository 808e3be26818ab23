// Every page works without this. It swaps the list when filters are applied, narrows long
// facets while typing, and copies addresses and citations. It asks nothing of another host and keeps nothing.

const results = () => document.getElementById('results');
const filters = () => document.getElementById('filters');

// What a reader typed is in the form; empty fields are left out of the address.
function wanted(form) {
  const query = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (typeof value === 'string' && value.trim()) query.append(name, value.trim());
  }
  const text = query.toString();
  return new URL(text ? `${form.action.split('?')[0]}?${text}` : form.action.split('?')[0], location.href);
}

// Which control had the focus, in words that find it again after the swap.
function place(element) {
  if (!element || element === document.body) return null;
  if (element.id) return `#${CSS.escape(element.id)}`;
  if (element.name && element.form) {
    const value = element.type === 'checkbox' ? `[value="${CSS.escape(element.value)}"]` : '';
    return `#${CSS.escape(element.form.id)} [name="${CSS.escape(element.name)}"]${value}`;
  }
  return element.matches?.('.f-act button') ? '#filters .f-act button' : null;
}

const day = (address) => new URL(address, location.href).searchParams.get('known_by');

let running = null;

async function show(address, { push }) {
  // What was known on another day is another page, from its heading on.
  if (day(address) !== day(here)) {
    location.assign(address);
    return;
  }
  running?.abort();
  running = new AbortController();
  const focus = place(document.activeElement);
  const open = new Set([...document.querySelectorAll('#filters details[open] > summary')].map((s) => s.firstChild.textContent));
  results()?.setAttribute('aria-busy', 'true');
  try {
    const answer = await fetch(address, { signal: running.signal, headers: { Accept: 'text/html' } });
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const fresh = page.getElementById('results');
    if (!fresh || !results()) throw new Error('not a list');
    document.title = page.title;
    if (push) history.pushState({ list: true }, '', answer.url);
    here = location.pathname + location.search;
    swap(page, open);
    if (focus) document.querySelector(focus)?.focus({ preventScroll: true });
  } catch (error) {
    if (error.name === 'AbortError') return;
    location.assign(address);
  }
}

// Everything that depends on the selection: strip, warnings, panel, rail, results. The status
// line stays in place and only its text changes, so that it is announced.
function swap(page, open) {
  const sheet = filters()?.matches(':popover-open');
  if (sheet) filters().hidePopover();
  for (const selector of ['.then', '.strip', '.warn']) {
    const old = document.querySelector(selector);
    const now = page.querySelector(selector);
    if (old && now) old.replaceWith(now);
    else if (old) old.remove();
    else if (now) document.querySelector('.cols').before(now);
  }
  filters().parentElement.replaceWith(page.getElementById('filters').parentElement);
  for (const group of filters().querySelectorAll('details')) {
    if (open.has(group.firstElementChild.firstChild.textContent)) group.open = true;
  }
  const said = document.getElementById('said');
  const fresh = page.getElementById('results');
  const words = fresh.querySelector('#said');
  const kept = results();
  while (kept.lastChild !== said && kept.lastChild) kept.lastChild.remove();
  while (words.nextSibling) kept.append(words.nextSibling);
  said.replaceChildren(...words.childNodes);
  kept.removeAttribute('aria-busy');
  begin(document);
}

const sameList = (link) => link.origin === location.origin && link.pathname === location.pathname && !link.hash;

document.addEventListener('submit', (event) => {
  const form = event.target;
  if (!results() || !form.matches('#filters, .sort')) return;
  event.preventDefault();
  show(wanted(form), { push: true });
});

// Chips, years, bars and the pager lead to the same list under another selection.
document.addEventListener('click', (event) => {
  if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = event.target.closest?.('.chips a, .strip a, .seg a, .f-act a, .rail a, .jump a');
  if (!link || !results()) return;
  const address = new URL(link.href.baseVal ?? link.href, location.href);
  if (!sameList(address)) return;
  event.preventDefault();
  show(address, { push: true });
});

let here = location.pathname + location.search;
addEventListener('popstate', () => {
  const now = location.pathname + location.search;
  if (results() && now !== here) show(location.href, { push: false });
  here = now;
});

// Find boxes: what is in the panel at once, and whatever else has such a name in any script.
const fold = (text) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
const suggested = new Map();

function suggestions(address, want) {
  const asked = `${address}${address.includes('?') ? '&' : '?'}q=${encodeURIComponent(want)}`;
  if (!suggested.has(asked)) {
    suggested.set(asked, fetch(asked).then((answer) => (answer.ok ? answer.json() : { things: [] })).then((found) => found.things, () => []));
  }
  return suggested.get(asked);
}

const pause = (time) => new Promise((done) => { setTimeout(done, time); });

function option(box, thing) {
  const label = document.createElement('label');
  label.className = 'opt found';
  const check = Object.assign(document.createElement('input'), { type: 'checkbox', name: box.dataset.find, value: thing.value });
  const name = document.createElement('span');
  name.textContent = thing.label;
  label.append(check, name);
  return label;
}

async function narrow(box) {
  const group = box.closest('fieldset');
  const want = fold(box.value.trim());
  for (const row of group.querySelectorAll('.found')) if (!row.querySelector(':checked')) row.remove();
  const rows = [...group.querySelectorAll('.opt')].filter((row) => row.querySelector(`[name="${box.dataset.find}"]`));
  for (const row of rows) row.hidden = Boolean(want) && !fold(row.textContent).includes(want) && !row.querySelector(':checked');
  const more = group.querySelector('details');
  if (more && want) more.open = true;
  if (!want || !box.dataset.suggest) return;
  await pause(120);
  if (fold(box.value.trim()) !== want) return;
  const things = await suggestions(box.dataset.suggest, want);
  if (fold(box.value.trim()) !== want) return;
  const found = new Map(things.map((thing) => [thing.value, thing]));
  for (const row of rows) {
    // The panel knows one name of each; by another name ("DPRK", "북한") it is found here.
    const slug = row.querySelector('input').value.replace(/^!/, '');
    if (found.delete(slug)) row.hidden = false;
  }
  for (const row of group.querySelectorAll('.found')) found.delete(row.querySelector('input').value);
  box.after(...[...found.values()].map((thing) => option(box, thing)));
}

function begin(root) {
  for (const box of root.querySelectorAll('input[data-find][hidden]')) {
    box.hidden = false;
    box.previousElementSibling.hidden = false;
    box.addEventListener('input', () => narrow(box));
    // Enter in a find box would apply the filters halfway through a word.
    box.addEventListener('keydown', (event) => { if (event.key === 'Enter') event.preventDefault(); });
  }
  for (const button of root.querySelectorAll('button[data-copy][hidden]')) {
    button.hidden = !navigator.clipboard;
    const words = button.textContent;
    button.addEventListener('click', async () => {
      const source = document.getElementById(button.dataset.copy);
      await navigator.clipboard.writeText((source.value ?? source.textContent).trim());
      button.textContent = button.dataset.done;
      setTimeout(() => { button.textContent = words; }, 2000);
    });
  }
}

begin(document);
