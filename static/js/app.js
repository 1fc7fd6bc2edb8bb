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

  copyable(document);
  document.querySelectorAll(".list").forEach(count);
})();
