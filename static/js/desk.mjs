// The forms of the desk, that of an event before all. Everything here is help: they save without it.

const form = document.querySelector("#event_form");
const addresses = document.querySelector(".dl-urls")?.dataset;
const jQuery = window.django?.jQuery;

// The page's own words, in its language; {name} is filled in.
const words = (name, filling = {}) =>
  addresses[`said${name[0].toUpperCase()}${name.slice(1)}`].replace(/\{(\w+)\}/g, (whole, key) => filling[key] ?? whole);

const element = (name, attributes = {}, ...children) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
};

const mark = (name, family = "") => {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS(svg.namespaceURI, "use");
  svg.setAttribute("class", `ic ${family}`);
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `#m-${name}`);
  svg.append(use);
  return svg;
};

const later = (act, wait) => {
  let timer;
  return (...given) => {
    clearTimeout(timer);
    timer = setTimeout(() => act(...given), wait);
  };
};

// null when the server can't be reached: the form then simply says nothing more.
const ask = async (address, query) => {
  const answer = await fetch(`${address}?${new URLSearchParams(query)}`, {
    headers: { Accept: "application/json" },
  }).catch(() => null);
  // A sign-in that has ended answers with its page.
  return answer?.ok && !answer.redirected ? answer.json() : null;
};

// --- Select2: names for screen readers, and typing opens a single one ---------------------------

const mend = (root) => {
  for (const select of root.querySelectorAll("select.admin-autocomplete.select2-hidden-accessible")) {
    const box = select.nextElementSibling;
    const label = document.querySelector(`label[for="${select.id}"]`);
    if (box && label) mendOne(root, select, box, label);
  }
};

const mendOne = (root, select, box, label) => {
  label.id ||= `${select.id}-label`;
  select.tabIndex = -1;
  select.setAttribute("aria-hidden", "true");
  const wrapper = box.querySelector(".select2-selection");
  const input = box.querySelector(".select2-search__field");
  const shown = box.querySelector(".select2-selection__rendered");
  const main = input ?? wrapper;
  if (input) {
    for (const name of ["role", "aria-haspopup", "aria-expanded", "aria-disabled"]) wrapper.removeAttribute(name);
    input.type = "text";
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-expanded", "false");
    input.setAttribute("aria-haspopup", "listbox");
    main.setAttribute("aria-labelledby", label.id);
  } else {
    for (const name of ["role", "aria-readonly", "title"]) shown.removeAttribute(name);
    main.setAttribute("aria-labelledby", `${label.id} ${shown.id}`);
  }
  sayTongues(select, box);
  const help = [`${select.id}_error`, `${select.id}_helptext`].filter((id) => document.getElementById(id));
  if (help.length) main.setAttribute("aria-describedby", help.join(" "));
  if (select.getAttribute("aria-invalid")) main.setAttribute("aria-invalid", "true");
  if (select.dataset.mended) return;
  select.dataset.mended = "1";
  label.addEventListener("click", (event) => {
    event.preventDefault();
    box.querySelector(".select2-search__field, .select2-selection")?.focus();
  });
  // The list of what is to be mended leads to the hidden field.
  select.addEventListener("focus", () => main.focus());
  jQuery(select).on("select2:open select2:close", (event) => named(box, label, event.type === "select2:open"));
  jQuery(select).on("change", () => {
    select.dispatchEvent(new Event("input", { bubbles: true }));
    setTimeout(() => mend(root));
  });
  if (!input) openByTyping(select, wrapper);
};

// A name in another language says so: "North Korea (북한)".
const sayTongues = (select, box) => {
  const given = jQuery(select).select2("data");
  const shown = box.querySelectorAll(select.multiple ? ".select2-selection__choice" : ".select2-selection__rendered");
  shown.forEach((place, number) => {
    const { name, other, lang } = given[number] ?? {};
    const text = [...place.childNodes].find((node) => node.nodeType === Node.TEXT_NODE);
    if (!lang || text?.textContent !== `${name} (${other})`) return;
    text.replaceWith(`${name} (`, element("span", { lang }, other), ")");
  });
};

const named = (box, label, open) => {
  const own = box.querySelector(".select2-search__field");
  const popped = document.querySelector(".select2-container--open .select2-dropdown .select2-search__field");
  const list = document.querySelector(".select2-results__options");
  own?.setAttribute("aria-expanded", String(open));
  popped?.setAttribute("aria-labelledby", label.id);
  popped?.focus();
  list?.setAttribute("aria-labelledby", label.id);
  if (!own) return;
  // Select2 writes these on its wrapper after each opening and closing.
  setTimeout(() => {
    for (const name of ["aria-expanded", "aria-owns", "aria-haspopup"]) {
      box.querySelector(".select2-selection").removeAttribute(name);
    }
    if (list && open) own.setAttribute("aria-controls", list.id);
    else own.removeAttribute("aria-controls");
  });
};

const openByTyping = (select, wrapper) => {
  wrapper.addEventListener(
    "keydown",
    (event) => {
      if (event.key.length !== 1 || event.key === " " || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      jQuery(select).select2("open");
      const popped = document.querySelector(".select2-container--open .select2-dropdown .select2-search__field");
      if (!popped) return;
      popped.value = event.key;
      jQuery(popped).trigger("input");
      popped.focus();
    },
    true,
  );
};

// --- Rows: Django's own script renumbers id, name and for, not ARIA references ------------------

const renumber = (row) => {
  const number = row.id.split("-").pop();
  for (const each of row.querySelectorAll("[aria-describedby], [aria-labelledby]")) {
    for (const name of ["aria-describedby", "aria-labelledby"]) {
      if (each.hasAttribute(name)) {
        each.setAttribute(name, each.getAttribute(name).replaceAll("__prefix__", number));
      }
    }
  }
};

const watchRows = () => {
  document.addEventListener("formset:added", (event) => {
    renumber(event.target);
    setTimeout(() => {
      mend(event.target);
      event.target.querySelector("input:not([type=hidden]), select, textarea")?.focus();
    });
  });
  document.addEventListener("formset:removed", (event) => {
    document.querySelector(`#${event.detail.formsetName}-group .add-row a`)?.focus();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === " " && event.target.closest?.(".add-row a, .inline-deletelink")) {
      event.preventDefault();
      event.target.click();
    }
  });
};

// --- The event form ------------------------------------------------------------------------------

const say = (name) => form.querySelector(`[data-say="${name}"]`);

const countCharacters = () => {
  for (const place of form.querySelectorAll("[data-count-for]")) {
    const input = document.getElementById(place.dataset.countFor);
    const most = Number(input.dataset.count);
    const show = () => {
      place.textContent = words("count", { count: input.value.length, most });
      place.classList.toggle("near", input.value.length > most * 0.9);
    };
    input.addEventListener("input", show);
    show();
  }
};

const watchEvent = () => {
  const { title, date, category } = form.elements;
  const firstLink = document.querySelector(".dl-start input");
  let readable = Boolean(say("date").querySelector("b"));

  const readDate = async () => {
    const q = date.value.trim();
    const place = say("date");
    if (!q) {
      place.replaceChildren();
      readable = false;
      check();
      return;
    }
    const answer = await ask(addresses.read, { q });
    if (!answer || q !== date.value.trim()) return;
    readable = answer.ok;
    place.classList.toggle("bad", !answer.ok);
    const said = answer.ok
      ? [element("span", { class: "when" }, element("i", { class: answer.ring }), " ", element("b", {}, answer.words)), " ", element("span", {}, answer.how)]
      : [element("span", {}, answer.why)];
    // Unchanged text isn't written again, so that a screen reader doesn't repeat it.
    const text = said.map((each) => each.textContent ?? each).join("").trim();
    if (place.textContent.trim() !== text) place.replaceChildren(...said);
    check();
  };
  date.addEventListener("input", later(readDate, 300));
  date.addEventListener("change", readDate);

  const showCategory = () => {
    const chosen = document.querySelector(`[data-cat="${category.value}"]`)?.dataset;
    form.querySelector("[data-mark]").replaceChildren(mark(chosen?.shape ?? "no", chosen?.family ?? ""));
    say("role").textContent = chosen?.role ? words("role", { role: chosen.role }) : "";
  };
  category.addEventListener("change", showCategory);
  showCategory();

  const warning = (twin, lead) =>
    element(
      "span",
      { class: "dl-warn" },
      mark("warn"),
      ` ${lead} ${twin.date}, `,
      element("a", { href: twin.href, target: "_blank" }, twin.title),
      ` (${twin.status}, ${twin.why})`,
    );
  const saySource = (source, twins) => {
    const row = document.querySelector("#citations-0 [data-src]");
    const publisher = source && [source.publisher, ...(source.new_publisher ? [words("new")] : [])].join(", ");
    if (source) {
      row.replaceChildren(source.title || firstLink.value, element("small", {}, ` ${publisher}`));
    } else {
      row.replaceChildren(element("small", {}, words("top")));
    }
    const title = source?.title ? `: “${source.title}”` : "";
    const known = source?.known ? `${title}, ${words("known")}` : "";
    const told = source ? [element("span", { class: "dl-ok" }, mark("yes"), ` ${publisher}${known}`)] : [];
    say("link").replaceChildren(...told, ...twins.map((twin) => warning(twin, words("used"))));
  };
  const lookForTwins = async () => {
    const answer = await ask(addresses.similar, {
      title: title.value,
      date: date.value,
      link: firstLink?.value ?? "",
      self: addresses.self,
    });
    if (!answer) return;
    say("title").replaceChildren(...answer.title.map((twin) => warning(twin, words("similar"))));
    if (firstLink) saySource(answer.source, answer.link);
  };
  for (const input of [title, date, firstLink]) input?.addEventListener("change", lookForTwins);
  // Going back brings the text, but none of what was said of it.
  addEventListener("pageshow", () => {
    if (date.value !== date.defaultValue || title.value !== title.defaultValue) {
      for (const input of form.querySelectorAll("[data-count]")) input.dispatchEvent(new Event("input"));
      showCategory();
      readDate();
      lookForTwins();
    }
  });

  const hasSource = () =>
    [...form.querySelectorAll("input[name^=citations-][name$=-link], input[name^=citations-][name$=-reference]")].some(
      (input) =>
        !input.name.includes("__") &&
        input.value.trim() &&
        !form.elements[input.name.replace(/(link|reference)$/, "DELETE")]?.checked,
    );
  function check() {
    const has = { title: title.value.trim(), date: readable, category: category.value, source: hasSource() };
    const missing = [];
    for (const line of form.querySelectorAll("[data-check]")) {
      const done = Boolean(has[line.dataset.check]);
      if (!done) missing.push(line.querySelector(".t").textContent.trim().toLowerCase());
      if (line.classList.contains("ok") === done) continue;
      line.className = done ? "ok" : "no";
      line.querySelector("svg").replaceWith(mark(done ? "yes" : "no"));
      line.querySelector(".vh").textContent = words(done ? "done" : "missing");
    }
    const status = form.elements.status.value;
    const publishes = status === "published";
    let text = "";
    if (publishes && missing.length) text = words("lacks", { things: missing.join(", ") });
    else if (publishes) text = words("ready");
    const place = say("publish");
    if (place.textContent !== text) place.textContent = text;
    place.classList.toggle("bad", publishes && missing.length > 0);
    form.querySelector(".dl-bar .default").value = words(publishes ? "publish" : "save");
    const reason = form.querySelector("[data-for-status]");
    if (reason) reason.hidden = status !== reason.dataset.forStatus;
  }
  form.addEventListener("input", check);
  form.addEventListener("change", check);
  document.addEventListener("formset:removed", check);
  check();

  // A stance that needs a speaker opens the place where the speaker is named.
  form.addEventListener("change", (event) => {
    if (/^citations-.*-stance$/.test(event.target.name) && !["reports", "background"].includes(event.target.value)) {
      event.target.closest(".dl-row").querySelector("details").open = true;
    }
  });
};

// "Fill in from the link": the server asks the page; only empty fields are filled in.
const watchLinks = () => {
  const offer = (input) => {
    const button = input.closest(".dl-f")?.querySelector(".dl-fill");
    if (button) button.hidden = !input.value.trim();
  };
  const isLink = (input) => /^citations-\d+-link$/.test(input.name ?? "");
  form.addEventListener("change", (event) => {
    if (isLink(event.target)) offer(event.target);
  });
  form.addEventListener("paste", (event) => {
    if (isLink(event.target)) setTimeout(() => offer(event.target));
  });
  for (const input of form.querySelectorAll("input[name^=citations-][name$=-link]")) {
    if (isLink(input)) offer(input);
  }
  form.addEventListener("click", async (event) => {
    const button = event.target.closest?.(".dl-fill");
    if (!button || button.disabled) return;
    const place = button.closest(".dl-f");
    const input = place.querySelector("input[name$=-link]");
    const said = place.querySelector("[data-filled]");
    const link = input.value;
    button.disabled = true;
    said.textContent = words("asking");
    const body = new FormData();
    body.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    body.append("link", link);
    for (const name of ["title", "date"]) body.append(name, form.elements[name].value);
    const sent = await fetch(addresses.link, { method: "POST", body }).catch(() => null);
    const answer = sent?.ok && !sent.redirected ? await sent.json() : null;
    button.disabled = false;
    said.classList.toggle("bad", !answer?.ok);
    said.textContent = answer ? answer.said : words("unasked");
    if (!answer?.ok || input.value !== link) return;
    for (const [name, value] of Object.entries(answer.fill)) {
      const field = form.elements[name];
      // Typed meanwhile.
      if (field.value.trim()) continue;
      field.value = value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }
    const name = input.name.replace(/link$/, "found");
    place.querySelector("input[name$=-found]")?.remove();
    if (answer.found) place.append(element("input", { type: "hidden", name, value: answer.found }));
  });
};

// Wherever there is something to save: a long form has a hundred fields before its buttons.
const watchKeys = (button) => {
  document.querySelector("[data-keys]")?.removeAttribute("hidden");
  // Before Select2, which would open its list.
  document.addEventListener(
    "keydown",
    (event) => {
      if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
        event.preventDefault();
        event.stopImmediatePropagation();
        button.form.requestSubmit(button);
      }
    },
    true,
  );
};

const watchSaving = () => {
  let changed = false;
  let sent = 0;
  form.addEventListener("input", () => {
    if (changed) return;
    changed = true;
    say("state").textContent = words("unsaved");
  });
  form.addEventListener("submit", (event) => {
    if (event.submitter?.formTarget) return;
    // A second press while the first is on its way; after a while it may be meant.
    if (sent && Date.now() - sent < 3000) {
      event.preventDefault();
      return;
    }
    sent = Date.now();
    say("state").textContent = words("saving");
  });
  addEventListener("beforeunload", (event) => {
    if (changed && !sent) event.preventDefault();
  });
  addEventListener("pageshow", () => {
    sent = 0;
  });
};

if (jQuery) {
  jQuery(() => setTimeout(() => mend(document)));
  watchRows();
}
const saves = document.querySelector(".dl-bar [name=_save]");
if (saves) watchKeys(saves);
if (form && addresses) {
  countCharacters();
  watchEvent();
  watchLinks();
  watchSaving();
}
