// From links: each address is asked by a request of its own, so that none is long and what is
// there already can be read meanwhile. Without script the server asks a few at once.

const form = document.querySelector("#links-form");
const box = form.elements.links;
const rows = form.querySelector("#rows");
const status = form.querySelector("[data-say]");

const words = (name, filling = {}) =>
  form.dataset[`said${name[0].toUpperCase()}${name.slice(1)}`].replace(/\{(\w+)\}/g, (whole, key) => filling[key] ?? whole);

const wait = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));

// The row as a piece of the page; null when the address can't be asked.
const askOne = async (link, number) => {
  const body = new FormData();
  body.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  body.append("link", link);
  body.append("number", number);
  for (;;) {
    const answer = await fetch(form.dataset.one, { method: "POST", body }).catch(() => null);
    if (answer?.status === 429) {
      const seconds = Math.min(Number(answer.headers.get("Retry-After")) || 5, 60);
      status.textContent = words("waiting", { n: seconds });
      await wait(seconds);
      continue;
    }
    if (!answer?.ok || answer.redirected) return null;
    return new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("fieldset");
  }
};

form.addEventListener("submit", async (event) => {
  if (event.submitter?.name !== "_look") return;
  event.preventDefault();
  const there = new Set([...rows.querySelectorAll("input[name$=-url]")].map((input) => input.value));
  const links = [...new Set(box.value.split(/\s+/))].filter((link) => link && !there.has(link));
  if (!links.length) return;
  const numbers = [...rows.querySelectorAll("fieldset")].map((row) => Number(row.id.split("-")[1]));
  let number = Math.max(-1, ...numbers) + 1;
  const room = Number(form.dataset.most) - there.size;
  const left = links.slice(Math.max(room, 0));
  const asked = links.slice(0, Math.max(room, 0));
  let failed = false;
  event.submitter.disabled = true;
  for (const [place, link] of asked.entries()) {
    status.textContent = words("asking", { n: place + 1, of: asked.length, link });
    const row = await askOne(link, number);
    if (row) {
      rows.append(document.importNode(row, true));
      number += 1;
    } else {
      failed = true;
      left.push(link);
    }
    box.value = [...asked.slice(place + 1), ...left].join("\n");
  }
  event.submitter.disabled = false;
  if (failed) status.textContent = words("left");
  else status.textContent = left.length ? words("many", { most: form.dataset.most }) : words("done");
});
