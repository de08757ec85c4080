// What a page does beyond plain HTML: focus on errors, menus that close, questions before what cannot be undone.
"use strict";

const summary = document.getElementById("errors");
if (summary) summary.focus();

const menus = [...document.querySelectorAll("details[data-menu]")];

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of menus.filter((each) => each.open)) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

document.addEventListener("click", (event) => {
  for (const menu of menus) if (menu.open && !menu.contains(event.target)) menu.open = false;
});

for (const menu of menus) {
  menu.addEventListener("toggle", () => {
    if (menu.classList.contains("menu")) document.body.classList.toggle("is-covered", menu.open);
  });
}

// A form with data-confirm asks first, in the dialog of the page. Without a dialog it is simply sent.
const dialog = document.getElementById("confirm");
if (dialog && dialog.showModal) {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const question = form.dataset.confirm;
    if (!question || form.dataset.confirmed) return;
    event.preventDefault();
    const sender = event.submitter;
    dialog.querySelector("h2").textContent = question;
    dialog.querySelector("[value=yes]").textContent = sender ? sender.textContent.trim() : "OK";
    dialog.returnValue = "";
    dialog.showModal();
    dialog.addEventListener("close", () => {
      if (dialog.returnValue === "yes") {
        form.dataset.confirmed = "1";
        form.requestSubmit(sender || undefined);
        delete form.dataset.confirmed;
      } else if (sender) sender.focus();
    }, { once: true });
  });
}

// The bar at the bottom goes while the panel it leads to is in view.
const bar = document.querySelector(".sticky");
const panel = document.getElementById("panel");
if (bar && panel && "IntersectionObserver" in window) {
  new IntersectionObserver(([entry]) => { bar.hidden = entry.isIntersecting; }).observe(panel);
}

// A table that scrolls sideways can be reached by the keyboard, under the name of its caption or section.
for (const wrapper of document.querySelectorAll(".tw:not([tabindex])")) {
  const words = wrapper.querySelector("caption") || (wrapper.closest("section") || document).querySelector("h2, h1");
  new ResizeObserver(() => {
    if (wrapper.scrollWidth <= wrapper.clientWidth) return;
    wrapper.tabIndex = 0;
    wrapper.setAttribute("role", "region");
    wrapper.setAttribute("aria-label", words.textContent.trim());
  }).observe(wrapper);
}

// Buttons that print.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// Buttons that fill fields of their form, as 前回のとおり does. Nothing is saved by them.
for (const button of document.querySelectorAll("[data-fill]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    for (const [name, value] of Object.entries(JSON.parse(button.dataset.fill))) {
      for (const field of button.form.querySelectorAll(`[name="${name}"]`)) {
        if (field.type === "radio") field.checked = field.value === value;
        else field.value = value;
      }
    }
  });
}

// What goes on in the background is looked at again every few seconds; once it is over the page is loaded anew.
const waiting = document.querySelector("[data-refresh]");
if (waiting) {
  const look = async () => {
    const answer = await fetch(location.href, { credentials: "same-origin" }).catch(() => null);
    if (answer && answer.ok) {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const now = page.querySelector("[data-refresh]");
      if (!now) { location.reload(); return; }
      for (const name of ["[role=status]", "progress"]) {
        const [old, fresh] = [waiting.querySelector(name), now.querySelector(name)];
        if (name === "progress") { old.max = fresh.max; old.value = fresh.value; }
        else if (old.textContent !== fresh.textContent) old.textContent = fresh.textContent;
      }
    }
    setTimeout(look, Number(waiting.dataset.refresh) * 1000);
  };
  setTimeout(look, Number(waiting.dataset.refresh) * 1000);
}

// Two minutes before a sign-in lapses the page says so. Going on is one request, and what was typed stays in the page.
const lapse = document.getElementById("lapse");
if (lapse) {
  const BEFORE = 120;
  let clock;
  const say = (which) => {
    for (const words of lapse.querySelectorAll("[data-lapse]")) words.hidden = words.dataset.lapse !== which;
    lapse.querySelector("button").hidden = which !== "soon";
    lapse.hidden = false;
  };
  const wait = (seconds) => {
    clearTimeout(clock);
    lapse.hidden = true;
    clock = setTimeout(() => {
      say("soon");
      clock = setTimeout(() => say("over"), Math.min(seconds, BEFORE) * 1000);
    }, Math.max(0, seconds - BEFORE) * 1000);
  };
  lapse.querySelector("button").addEventListener("click", async () => {
    const answer = await fetch(lapse.dataset.address, { headers: { Accept: "application/json" } }).catch(() => null);
    if (!answer || !answer.ok) return say("over");
    const { seconds } = await answer.json();
    if (seconds > BEFORE) return wait(seconds);
    clearTimeout(clock);
    say("last");
  });
  wait(Number(document.body.dataset.lasts));
}
