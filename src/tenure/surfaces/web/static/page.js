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

for (const plot of document.querySelectorAll(".plot")) {
  plot.addEventListener("pointermove", (event) => {
    const band = event.target.closest(".band[data-about]");
    if (band) show(band, event.clientX, event.clientY);
    else tip.hidden = true;
  });
  plot.addEventListener("pointerleave", () => { tip.hidden = true; });
}

for (const select of document.querySelectorAll("form.more select")) {
  select.addEventListener("change", () => select.form.requestSubmit());
}

// An address without empty words is easier to read and to share.
for (const form of document.querySelectorAll("form.more")) {
  form.addEventListener("submit", () => {
    for (const field of form.elements) if (!field.value) field.disabled = true;
  });
}

document.addEventListener("keydown", (event) => {
  const busy = event.target.closest("input, select, textarea, [popover], .scroll");
  if (busy || event.ctrlKey || event.metaKey || event.altKey) return;
  const to = { ArrowLeft: 'a[rel="prev"]', ArrowRight: 'a[rel="next"]' }[event.key]
    ?? (/^[hdwmqy]$/.test(event.key) ? `a[data-grain^="${event.key}"]` : null);
  const link = to && document.querySelector(to);
  if (link) link.click();
});
