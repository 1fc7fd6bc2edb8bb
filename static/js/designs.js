/* The editors of emails and of the tracking page: dragging blocks, names put in where one writes. The page works without this file. */
(() => {
  "use strict";

  const list = document.getElementById("list");
  const form = document.getElementById("arrange");
  let held = null;
  if (list && form) {
    const blocks = () => [...list.querySelectorAll("[data-block]")];
    list.addEventListener("dragstart", (event) => {
      held = event.target.closest("[data-block]");
      if (!held) return;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", held.dataset.block);
    });
    list.addEventListener("dragover", (event) => {
      const over = event.target.closest("[data-block]");
      if (!held || !over) return;
      event.preventDefault();
      if (over === held) return;
      const box = over.getBoundingClientRect();
      if (event.clientY < box.top + box.height / 2) over.before(held);
      else over.after(held);
    });
    list.addEventListener("drop", (event) => {
      if (!held) return;
      event.preventDefault();
      (form.elements.block || form.elements.section).value = held.dataset.block;
      form.elements.at.value = blocks().indexOf(held);
      form.submit();
    });
    list.addEventListener("dragend", () => { held = null; });
  }

  let field = null;
  document.addEventListener("focusin", (event) => {
    if (event.target.matches("#open input[type=text], #open textarea")) field = event.target;
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-insert]");
    if (!button) return;
    const into = field && field.isConnected ? field : document.querySelector("#open input[type=text], #open textarea");
    if (!into) return;
    into.setRangeText(button.dataset.insert, into.selectionStart, into.selectionEnd, "end");
    into.dispatchEvent(new Event("input", { bubbles: true }));
    into.focus();
  });
})();
