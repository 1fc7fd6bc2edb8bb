/* The editor of flows: keys, dragging, undo and redo. Every edit is a form that works without this file. */
(() => {
  "use strict";

  const desk = document.getElementById("desk");
  if (!desk || !window.htmx) return;
  const get = (selector) => desk.querySelector(selector);
  const all = (selector) => [...desk.querySelectorAll(selector)];
  const say = (text) => {
    const region = document.getElementById("live");
    if (region && text) region.textContent = text;
  };

  /* What the draft was, edit by edit, in this window. A reload keeps it, another person's edit ends it. */
  const kept = () => `flow ${get("#bar").dataset.key}`;
  const read = () => {
    try { return JSON.parse(sessionStorage.getItem(kept())) || { past: [], at: -1 }; } catch { return { past: [], at: -1 }; }
  };
  const write = (story) => {
    try { sessionStorage.setItem(kept(), JSON.stringify(story)); } catch { /* full: then there is less to undo */ }
  };
  let going = null; // where undo or redo goes, until the answer is there
  let wanted = []; // undo (-1) and redo (1), as often as they were pressed while an edit was being saved
  let busy = 0; // requests of the desk on their way
  const remember = () => {
    const now = get("#draft").value;
    let story = read();
    if (desk.querySelector("[role=alert].banner[data-tone=warn]")) story = { past: [], at: -1 };
    if (going !== null && story.past[going] === now) story.at = going;
    else if (story.past[story.at] !== now) {
      story.past = [...story.past.slice(0, story.at + 1), now].slice(-60);
      story.at = story.past.length - 1;
    }
    going = null;
    write(story);
    const [undo, redo] = [get("[data-undo]"), get("[data-redo]")];
    undo.hidden = redo.hidden = false;
    undo.disabled = story.at < 1;
    redo.disabled = story.at >= story.past.length - 1;
  };

  /* The focus: after an edit it is where the work goes on. */
  let after = "";
  let scrolled = [0, 0];
  let stood = ""; // the step that has the focus while the canvas is drawn anew under it
  const whole = { target: "#editor", swap: "outerHTML show:none settle:0ms" };
  const send = (values, focus = "node") => {
    after = focus;
    const form = get("#acts");
    const held = Object.fromEntries(new FormData(form));
    window.htmx.ajax("POST", form.getAttribute("hx-post"), { source: desk, ...whole, values: { ...held, ...values } });
  };
  const next = () => {
    if (busy || !wanted.length) return;
    const by = wanted.shift();
    const story = read();
    const to = story.at + by;
    if (!story.past[to]) return next();
    going = to;
    send({ do: "restore", definition: story.past[to], ...(by > 0 && { again: "1" }) });
  };
  const step = (by) => {
    wanted.push(by);
    next();
  };
  const nodes = () => all("a.node[data-node]");
  const node = (id) => nodes().find((one) => one.dataset.node === id);
  const toFocus = () => {
    if (after === "panel") return get("[data-kinds] button") || get("#panel-title");
    return after === "node" ? node(get("#editor").dataset.open) || nodes()[0] : null;
  };
  const settle = (typed) => {
    const canvas = get("#canvas");
    [canvas.scrollLeft, canvas.scrollTop] = scrolled;
    remember();
    const target = typed ? node(stood) : toFocus();
    const below = after === "panel" && get("#panel").getBoundingClientRect().top >= canvas.getBoundingClientRect().bottom; // on a phone
    if (!typed) after = "";
    if (target) {
      target.focus({ preventScroll: true });
      (below ? get("#panel") : target).scrollIntoView({ block: below ? "start" : "nearest", inline: "nearest" });
    }
    say(get("#bar").dataset.said);
  };
  desk.addEventListener("htmx:beforeRequest", () => { busy += 1; });
  desk.addEventListener("htmx:afterRequest", (event) => {
    busy -= 1;
    if (!event.detail.successful) wanted = []; // what the draft is now is not known here
    setTimeout(next); // after an edit that was queued before it
  });
  document.addEventListener("htmx:beforeSwap", () => {
    const canvas = get("#canvas");
    if (canvas) scrolled = [canvas.scrollLeft, canvas.scrollTop];
    stood = document.activeElement?.closest("a.node[data-node]")?.dataset.node || "";
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    /* What the panel's form saved may come while the next thing is asked for already: that one has the focus. */
    if (["editor", "canvas", "desk"].includes(event.target.id)) settle(event.detail.requestConfig?.elt.id === "panel-form");
  });
  document.addEventListener("htmx:configRequest", (event) => {
    const { parameters, verb, triggeringEvent } = event.detail;
    const pressed = triggeringEvent?.submitter; // a button outside its form, which HTMX does not see
    if (pressed?.getAttribute("form") === "acts") parameters[pressed.name] = pressed.value;
    if (verb === "post" && parameters.revision !== undefined && desk.contains(event.target)) parameters.revision = get("#bar").dataset.revision;
    if (event.target.id === "acts" && verb === "post") parameters.open = get("#editor").dataset.open;
  });

  desk.addEventListener("click", (event) => {
    if (event.target.closest("[data-undo]")) step(-1);
    else if (event.target.closest("[data-redo]")) step(1);
    else if (event.target.closest(".plus, a.node, [data-close]")) after = event.target.closest("[data-close]") ? "node" : "panel";
    /* Asked for by the desk, in its turn: an edit that is still being saved draws the canvas anew, and a link in it would be forgotten. */
    const link = event.target.closest("a[href^='?']");
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      event.stopPropagation();
      window.htmx.ajax("GET", link.href, { source: desk, ...whole });
    } else if (event.target.closest("[form=acts][value^=insert]")) after = "panel";
    else if (event.target.closest("[form=acts]")) after = "node";
  }, true);

  /* Keys on the canvas. */
  const beside = (from, by) => {
    const here = from.closest(".arm");
    const there = by < 0 ? here?.previousElementSibling : here?.nextElementSibling;
    return there?.querySelector("a.node[data-node]");
  };
  const inner = (from) => from.parentElement.querySelector(":scope > .arms a.node[data-node]");
  const arrows = { ArrowUp: "up", ArrowDown: "down", ArrowLeft: "left", ArrowRight: "right" };
  const walk = (from, key) => {
    const found = nodes();
    const at = found.indexOf(from);
    const back = document.documentElement.dir === "rtl" ? 1 : -1;
    const to = {
      ArrowUp: () => found[at - 1],
      ArrowDown: () => found[at + 1],
      ArrowLeft: () => beside(from, back),
      ArrowRight: () => beside(from, -back) || inner(from),
      Home: () => found[0],
      End: () => found[found.length - 1],
    }[key]();
    if (!to) return;
    to.focus();
    to.scrollIntoView({ block: "nearest", inline: "nearest" });
  };
  const add = (from) => {
    const within = [...from.parentElement.querySelectorAll(".plus")].filter((one) => one.closest("li") !== from.parentElement);
    const next = from.parentElement.nextElementSibling?.querySelector(":scope > .plus") || within[0];
    if (next) next.click();
  };
  const remove = (from) => {
    const id = from.dataset.node;
    if (!from.draggable) return;
    if (from.parentElement.querySelector(":scope > .arms a.node")) from.click(); // its panel asks what becomes of its branches
    else send({ do: `remove ${id}` });
  };
  const onNode = (event, from) => {
    if (event.altKey && event.key in arrows) {
      if (from.draggable) send({ do: `shift ${from.dataset.node} ${arrows[event.key]}`, open: from.dataset.node });
    } else if (event.altKey || event.ctrlKey || event.metaKey) return false;
    else if (event.key in arrows || event.key === "Home" || event.key === "End") walk(from, event.key);
    else if (event.key === "+" || event.key === "Insert") add(from);
    else if (event.key === "Delete" || event.key === "Backspace") remove(from);
    else return false;
    return true;
  };
  const typing = (target) => target.closest("input:not([type=checkbox], [type=radio]), textarea");
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || document.querySelector("dialog[open]")) return;
    const on = event.target.closest?.("a.node[data-node]");
    const key = event.key.toLowerCase();
    let done = false;
    if ((event.ctrlKey || event.metaKey) && !event.altKey && (key === "z" || key === "y") && !typing(event.target)) {
      step(key === "y" || event.shiftKey ? 1 : -1);
      done = true;
    } else if (event.key === "Escape" && event.target.closest("#panel")) {
      (node(get("#editor").dataset.open) || get("#canvas")).focus();
      done = true;
    } else if (event.target.id === "canvas" && event.key === "ArrowDown" && nodes()[0]) {
      nodes()[0].focus();
      done = true;
    } else if (on && desk.contains(on)) done = onNode(event, on);
    else if (event.target.closest("[data-kinds]") && ["ArrowDown", "ArrowUp"].includes(event.key)) {
      const menu = all("[data-kinds] button");
      menu[(menu.indexOf(event.target) + (event.key === "ArrowDown" ? 1 : menu.length - 1)) % menu.length].focus();
      done = true;
    }
    if (done) {
      event.preventDefault();
      event.stopPropagation();
    }
  }, true);

  /* Dragging a step onto a connection. */
  let dragged = "";
  desk.addEventListener("dragstart", (event) => {
    const from = event.target.closest("a.node[data-node]");
    dragged = from?.dataset.node || "";
    if (!dragged) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged);
    get("#canvas").classList.add("dragging");
  });
  desk.addEventListener("dragover", (event) => {
    if (dragged && event.target.closest(".plus")) event.preventDefault();
  });
  desk.addEventListener("drop", (event) => {
    const plus = event.target.closest(".plus");
    if (!dragged || !plus) return;
    event.preventDefault();
    send({ do: `move ${dragged} ${plus.dataset.at}`, open: dragged });
  });
  desk.addEventListener("dragend", () => {
    dragged = "";
    get("#canvas").classList.remove("dragging");
  });

  (node(get("#editor").dataset.open) || nodes()[0])?.scrollIntoView({ block: "nearest", inline: "center" });
  remember();
})();
