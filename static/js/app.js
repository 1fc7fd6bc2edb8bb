/* What plain HTML cannot do. Every page works without this file. */
(() => {
  "use strict";

  const copyable = (root) => {
    if (navigator.clipboard) root.querySelectorAll("[data-copy][hidden]").forEach((button) => { button.hidden = false; });
  };

  const say = (text) => {
    const region = document.getElementById("live");
    if (region) region.textContent = text;
  };

  const copy = async (button) => {
    await navigator.clipboard.writeText(button.dataset.copy);
    const word = button.querySelector("[aria-hidden='true']:not(svg)") || button;
    const before = word.textContent;
    word.textContent = button.dataset.done;
    say(button.dataset.done);
    setTimeout(() => { word.textContent = before; }, 1600);
  };

  const count = (list) => {
    const picks = [...list.querySelectorAll("tbody .pick input")];
    const picked = picks.filter((box) => box.checked).length;
    const words = list.querySelector("[data-picked]");
    if (words) words.textContent = words.dataset.picked.replace("%s", picked);
    const all = list.querySelector("thead .pick input");
    if (!all) return;
    all.checked = picked > 0 && picked === picks.length;
    all.indeterminate = picked > 0 && picked < picks.length;
  };

  const pick = (list, on) => {
    list.querySelectorAll("tbody .pick input").forEach((box) => { box.checked = on; });
    count(list);
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy], [data-clear], [data-dismiss]");
    if (!button) return;
    if (button.dataset.copy) copy(button);
    else if ("clear" in button.dataset) pick(button.closest(".list"), false);
    else button.closest(".toast").remove();
  });

  document.addEventListener("change", (event) => {
    const list = event.target.closest(".pick") && event.target.closest(".list");
    if (!list) return;
    if (event.target.closest("thead")) pick(list, event.target.checked);
    else count(list);
  });

  document.addEventListener("htmx:afterSwap", () => {
    copyable(document);
    document.querySelectorAll(".list").forEach(count);
  });
  ["htmx:responseError", "htmx:sendError", "htmx:timeout"].forEach((name) => {
    document.addEventListener(name, () => {
      const words = document.body.dataset.failed;
      const toasts = document.getElementById("toasts");
      if (!words || !toasts) return;
      const toast = document.createElement("p");
      toast.className = "toast";
      toast.textContent = words;
      toasts.replaceChildren(toast);
    });
  });

  document.querySelectorAll("select[data-zone]").forEach((select) => {
    const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const ours = [...select.options].some((option) => option.value === here);
    if (ours && select.value === [...select.options].find((option) => option.defaultSelected)?.value) select.value = here;
  });

  // A tracking page that somebody comes back to is the newest one, and says aloud what is new; not while they are doing something on it.
  const again = async () => {
    const main = document.getElementById("main");
    const answer = document.querySelector(".portal .track") && document.getElementById("answer");
    if (document.hidden || !answer || main.contains(document.activeElement) || main.querySelector("details[open]")) return;
    const got = await fetch(location.href).catch(() => null);
    if (!got || !got.ok) return;
    const fresh = new DOMParser().parseFromString(await got.text(), "text/html");
    const now = fresh.getElementById("answer");
    if (!now || fresh.getElementById("main").textContent === main.textContent) return;
    main.replaceChildren(...fresh.getElementById("main").childNodes);
    document.title = fresh.title;
    copyable(document);
    if (now.textContent !== answer.textContent) say(now.textContent);
  };
  document.addEventListener("visibilitychange", again);

  copyable(document);
  document.querySelectorAll(".list").forEach(count);
})();
