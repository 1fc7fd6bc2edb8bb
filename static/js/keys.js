/* Keys: the search dialog, going to pages, walking lists. Every page works without this file, and one-letter keys can be switched off. */
(() => {
  "use strict";

  const finder = document.getElementById("finder");
  const help = document.getElementById("keys");
  if (!finder || !help) return;
  const field = finder.querySelector("[role=combobox]");
  const found = document.getElementById("found");
  const options = () => [...found.querySelectorAll("[role=option]")];

  /* The combobox: the focus stays in the field, aria-activedescendant says which option it is on. */
  const mark = (option) => {
    options().forEach((one) => one.setAttribute("aria-selected", String(one === option)));
    if (option) {
      field.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else field.removeAttribute("aria-activedescendant");
  };
  const active = () => options().find((one) => one.id === field.getAttribute("aria-activedescendant"));
  const step = (by) => {
    const all = options();
    if (!all.length) return;
    const at = all.indexOf(active());
    mark(all[(at < 0 ? (by > 0 ? 0 : -1) : at + by + all.length) % all.length] || all[all.length - 1]);
  };
  const drawn = () => {
    const any = options().length > 0;
    found.hidden = !any;
    field.setAttribute("aria-expanded", String(any));
    mark(null);
  };
  const search = () => {
    if (finder.open) return;
    if (help.open) help.close();
    finder.showModal();
    drawn();
    field.focus();
    field.select();
  };

  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") step(event.key === "ArrowDown" ? 1 : -1);
    else if (event.key === "Enter" && active()) active().click();
    else return;
    event.preventDefault();
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target === found) drawn();
  });
  finder.addEventListener("click", (event) => {
    if (event.target === finder) finder.close();
  });

  /* Lists: the row that has the focus is the place. */
  const walk = (by) => {
    const rows = [...document.querySelectorAll("#rows a.cover, .rows a.cover")];
    const at = rows.indexOf(document.activeElement);
    const next = rows[at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + by))];
    if (next) {
      next.focus();
      next.scrollIntoView({ block: "nearest" });
    }
  };
  const pick = () => document.activeElement.closest("tr")?.querySelector(".pick input")?.click();

  let going = 0;
  const acts = {
    "/": search,
    "?": () => help.showModal(),
    j: () => walk(1),
    k: () => walk(-1),
    x: pick,
    g: () => { going = Date.now(); },
  };
  const typing = (target) => target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      search();
      return;
    }
    if (!("keys" in document.body.dataset) || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (typing(event.target) || document.querySelector("dialog[open]")) return;
    const soon = Date.now() - going < 1500;
    going = 0;
    const page = soon && document.querySelector(`.rail [data-key="${CSS.escape(event.key)}"]`);
    if (page) page.click();
    else if (Object.hasOwn(acts, event.key)) acts[event.key]();
    else return;
    event.preventDefault();
  });

  document.querySelectorAll("[data-opens=keys]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => {
      button.closest("[popover]")?.hidePopover();
      help.showModal();
    });
  });
})();
