"use strict";

// The page is whole without this file: it adds what a period's numbers are under the pointer, keys, and quicker forms.
document.documentElement.classList.add("js");

const tip = document.getElementById("tip");

function show(band, x, y) {
  const [when, ...lines] = band.dataset.about.split("; ");
  const title = document.createElement("strong");
  title.textContent = when;
  const rows = lines.map((line) => {
    const row = document.createElement("span");
    const cut = line.lastIndexOf(": ");
    const [name, number] = [document.createElement("i"), document.createElement("b")];
    name.textContent = line.slice(0, cut);
    number.textContent = line.slice(cut + 2);
    row.append(name, number);
    return row;
  });
  tip.replaceChildren(title, ...rows);
  tip.hidden = false;
  const room = document.documentElement.clientWidth - tip.offsetWidth - 8;
  tip.style.left = `${Math.max(8, Math.min(x + 14, room))}px`;
  tip.style.top = `${Math.max(8, y - tip.offsetHeight - 12)}px`;
}

function hide() {
  tip.hidden = true;
  for (const band of document.querySelectorAll(".band.on")) band.classList.remove("on");
}

// A chart tells its numbers under the pointer or the finger, and to the arrow keys when it has the focus.
function answerToPointers(plot) {
  const pointed = (event) => {
    const band = event.target.closest(".band[data-about]");
    if (band) show(band, event.clientX, event.clientY);
    else hide();
  };
  plot.addEventListener("pointermove", pointed);
  plot.addEventListener("pointerdown", pointed);
  plot.addEventListener("pointerleave", (event) => { if (event.pointerType === "mouse") hide(); });
  plot.tabIndex = 0;
  plot.setAttribute("role", "group");
  plot.setAttribute("aria-roledescription", "chart; arrow keys tell its numbers");
  plot.addEventListener("blur", hide);
  plot.addEventListener("keydown", (event) => {
    const bands = [...plot.querySelectorAll(".band[data-about]")].filter((band) => band.checkVisibility());
    const last = bands.length - 1;
    const on = bands.findIndex((band) => band.classList.contains("on"));
    const to = { ArrowRight: Math.min(on + 1, last), ArrowLeft: on < 0 ? last : Math.max(on - 1, 0), Home: 0, End: last }[event.key];
    if (to === undefined || last < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    hide();
    bands[to].classList.add("on");
    const place = bands[to].getBoundingClientRect();
    show(bands[to], place.left + place.width / 2, place.top + 40);
  });
}
document.addEventListener("pointerdown", (event) => { if (!event.target.closest(".plot")) hide(); });

function enliven(part) {
  part.querySelectorAll(".plot").forEach(answerToPointers);
}
enliven(document);

document.addEventListener("change", (event) => { if (event.target.matches("form.more select")) event.target.form.requestSubmit(); });

// An address without empty words is easier to read and to share.
document.addEventListener("submit", (event) => {
  if (!event.target.matches("form.more")) return;
  for (const field of event.target.elements) if (!field.value) field.disabled = true;
});

// Whoever comes back sees the controls as the address has them, not as they were left.
addEventListener("pageshow", (event) => {
  if (!event.persisted && performance.getEntriesByType("navigation")[0]?.type === "navigate") return;
  for (const form of document.querySelectorAll("form.more")) {
    for (const field of form.elements) field.disabled = false;
    form.reset();
  }
});

// The palette: every page and metric from one small index, customers from a search, Enter to go there.
const palette = document.getElementById("palette");
const [input, list, said] = ["input", "ul", ".note"].map((what) => palette.querySelector(what));
const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
let [places, shown, chosen, asked] = [null, [], 0, 0];

const answered = async (address) => {
  try { return await (await fetch(address)).json(); } catch { return []; }
};

function choose(n) {
  chosen = n;
  [...list.children].forEach((item, k) => {
    item.setAttribute("aria-selected", String(k === n));
    if (k === n) item.scrollIntoView({ block: "nearest" });
  });
  if (shown.length) input.setAttribute("aria-activedescendant", `found-${n}`);
  else input.removeAttribute("aria-activedescendant");
}

function offer(found) {
  shown = found;
  list.replaceChildren(...found.map((place, n) => {
    const [item, kind] = [document.createElement("li"), document.createElement("span")];
    item.id = `found-${n}`;
    item.setAttribute("role", "option");
    kind.textContent = place.kind === "customer" ? place.words : place.kind;
    item.append(place.title, kind);
    item.addEventListener("click", () => location.assign(place.link));
    return item;
  }));
  said.textContent = found.length ? "" : "Nothing is called that.";
  choose(0);
}

async function look() {
  const [words, turn] = [folded(input.value).split(/\s+/).filter(Boolean), ++asked];
  places ??= await answered(palette.dataset.places);
  const fits = (text) => words.every((word) => folded(text).includes(word));
  const rank = (place) => (folded(place.title).startsWith(words[0] ?? "") ? 0 : fits(place.title) ? 1 : 2);
  const near = places.filter((place) => fits(`${place.title} ${place.words}`)).sort((a, b) => rank(a) - rank(b)).slice(0, 9);
  if (turn === asked) offer(near);
  if (!words.length) return;
  await new Promise((done) => { setTimeout(done, 120); });
  if (turn !== asked) return;
  const found = new URL(palette.dataset.customers, location.href);
  found.searchParams.set("q", input.value.trim());
  const customers = await answered(found);
  if (turn === asked) offer([...near, ...customers]);
}

function open() {
  if (palette.open) return;
  palette.showModal();
  input.value = "";
  look();
}

input.addEventListener("input", look);
palette.addEventListener("click", (event) => { if (event.target === palette) palette.close(); });
palette.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && shown.length) choose((chosen + step + shown.length) % shown.length);
  else if (event.key === "Enter" && shown.length) location.assign(shown[chosen].link);
  else return;
  event.preventDefault();
});
for (const link of document.querySelectorAll("a.find")) {
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open();
  });
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") hide();
  const jump = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k";
  const busy = event.target.closest("input, select, textarea, dialog, .why, .scroll, .plot");
  if (jump || (!busy && event.key === "/")) {
    event.preventDefault();
    open();
    return;
  }
  if (busy || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "?") document.getElementById("keys").togglePopover();
  const to = { ArrowLeft: 'a[rel="prev"]', ArrowRight: 'a[rel="next"]' }[event.key]
    ?? (/^[hdwmqy]$/.test(event.key) ? `a[data-grain^="${event.key}"]` : null);
  const link = to && document.querySelector(to);
  if (link) link.click();
});

// What is loaded while the page is open appears in it: where the reader is, and not while nobody looks or something is being filled in.
const main = document.getElementById("main");
const news = document.getElementById("news");
const fetched = new XMLHttpRequest(); // gives a document: no text is ever made markup here
let [stream, known, late] = [null, document.body.dataset.news, 0];

function listen() {
  if (document.hidden || !known) {
    stream?.close();
    stream = null;
  } else if (!stream) {
    const page = encodeURIComponent(location.pathname + location.search);
    stream = new EventSource(`/events?since=${encodeURIComponent(known)}&page=${page}`);
    stream.addEventListener("message", (event) => {
      known = event.lastEventId;
      clearTimeout(late);
      late = setTimeout(renew, 300, event.data); // of several loads in a row the last one is enough
    });
  }
}

function filled(field) {
  if (field.type === "hidden") return false;
  if (!field.options) return field.value !== field.defaultValue || field.checked !== field.defaultChecked;
  return field.selectedIndex !== Math.max(0, [...field.options].findIndex((option) => option.defaultSelected));
}

function renew(clock) {
  const busy = main.querySelector("[popover]:popover-open") || [...main.querySelectorAll("input, select, textarea")].some(filled);
  if (busy) {
    late = setTimeout(renew, 2000, clock);
    return;
  }
  fetched.open("GET", location.href); // lets go of one that is still on its way
  fetched.setRequestHeader("x-renews", "1");
  fetched.responseType = "document";
  fetched.onload = () => { if (fetched.status < 500 && fetched.response?.getElementById("main")) exchange(fetched.response, clock); };
  fetched.send();
}

function exchange(page, clock) {
  const same = "a, button, input, select, summary, [tabindex]";
  const words = (node) => node.id || `${node.tagName} ${node.name ?? ""} ${node.textContent.trim()}`;
  const at = document.activeElement !== main && main.contains(document.activeElement) ? document.activeElement : null;
  const turn = at && [...main.querySelectorAll(same)].filter((node) => words(node) === words(at)).indexOf(at);
  const open = [...main.querySelectorAll("details[open] > summary")].map(words);
  const aside = [...main.querySelectorAll(".scroll")].map((node) => [node.scrollLeft, node.scrollTop]);
  const [x, y] = [scrollX, scrollY];
  hide();
  for (const what of ["#main", "footer.foot", ".fresh"]) {
    const [old, fresh] = [document.querySelector(what), page.querySelector(what)];
    if (old && fresh) old.replaceChildren(...fresh.childNodes);
  }
  document.title = page.title;
  for (const summary of main.querySelectorAll("details > summary")) if (open.includes(words(summary))) summary.parentElement.open = true;
  main.querySelectorAll(".scroll").forEach((node, n) => { [node.scrollLeft, node.scrollTop] = aside[n] ?? [0, 0]; });
  enliven(main);
  const back = at && [...main.querySelectorAll(same)].filter((node) => words(node) === words(at));
  (back?.[turn] ?? back?.[0])?.focus({ preventScroll: true });
  scrollTo({ left: x, top: y, behavior: "instant" });
  news.textContent = `Updated ${clock}`; // for a moment over the page, and then among what it says of its data
  clearTimeout(late);
  late = setTimeout(() => { news.textContent = ""; }, 10000);
  document.querySelector(".fresh")?.append(document.createElement("br"), news.textContent);
}

document.addEventListener("visibilitychange", listen);
addEventListener("pagehide", () => { stream?.close(); stream = null; });
addEventListener("pageshow", listen);
