// The page in the browser: shows the parts the kernel computes, tells it what was pressed.
// Every text in the parts was escaped by the kernel; nothing here builds HTML from data.

const NARROW = "(max-width: 640px)";
const SILENCE = 12000; // milliseconds without an answer after which the connection counts as lost
const PING = 15000; // milliseconds between two signs of life

function render({ model, el }) {
  const root = document.createElement("div");
  root.className = "ck-page";
  const bar = document.createElement("div");
  bar.className = "ck-progress";
  bar.setAttribute("role", "status");
  bar.setAttribute("aria-live", "polite");
  const tip = document.createElement("div");
  tip.className = "ck-tip";
  tip.hidden = true;
  root.append(bar, tip);
  el.classList.add("ck");
  el.append(root);

  const inVoila = document.body.dataset.voila !== undefined;
  let wanted = false; // a list was asked for: go to it when it arrives
  let opener = () => null; // what the list was opened from: Escape goes back there
  let asked = 0; // when the kernel was last asked something it has not answered

  const send = (content) => {
    if (!asked) asked = Date.now();
    model.send(content);
  };
  const act = (content) => {
    root.classList.add("ck-busy");
    bar.textContent = model.get("words").busy;
    send(content);
  };
  const kernelOf = () => model.widget_manager && model.widget_manager.kernel;
  // What the kernel should know of the window. A page that is being left has no kernel any more.
  const keepUp = (name, value) => {
    const kernel = kernelOf();
    if (kernel && kernel.isDisposed) return;
    model.set(name, value);
    model.save_changes();
  };
  let said = 0;
  const explain = (why) => {
    clearTimeout(said);
    bar.textContent = why;
    bar.classList.toggle("ck-refused", Boolean(why));
    if (why) said = setTimeout(() => explain(""), 8000);
  };

  // --- parts -----------------------------------------------------------------------------------------------------
  for (const [name, look] of model.get("plan")) {
    const part = document.createElement("section");
    part.className = `ck-part ${look}`;
    part.dataset.part = name;
    root.append(part);
    fill(part, model.get(name));
    model.on(`change:${name}`, () => {
      fill(part, model.get(name));
      if (wanted) goToList(part);
    });
  }

  function goToList(part) {
    const title = part.querySelector(".ck-list-title");
    if (!title) return;
    wanted = false;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    title.scrollIntoView({ behavior: calm ? "auto" : "smooth", block: "start" });
    title.focus({ preventScroll: true });
  }

  function fill(part, markup) {
    const open = [...part.querySelectorAll("details[open]")].map((each) => each.dataset.key);
    const focused = part.contains(document.activeElement) ? document.activeElement : null;
    const place = focused && placeOf(focused);
    const typed = focused && focused.type === "search" ? [focused.value, focused.selectionStart] : null;
    part.innerHTML = markup;
    for (const each of part.querySelectorAll("details")) each.open = open.includes(each.dataset.key);
    for (const each of part.querySelectorAll(".ck-mark > title, svg > title")) each.remove(); // the tip says it
    const again = place && part.querySelector(place);
    if (!again) return;
    const able = again.disabled ? again.parentElement.querySelector("button:enabled") : again; // the pager's end
    if (able) able.focus({ preventScroll: true });
    if (typed) {
      again.value = typed[0];
      again.setSelectionRange(typed[1], typed[1]);
    }
  }

  function placeOf(node) {
    const { focus, do: action, name, key } = node.dataset;
    if (focus) return `[data-focus="${CSS.escape(focus)}"]`;
    if (action) return [["do", action], ["name", name], ["key", key]].map(([of, value]) => (value ? `[data-${of}="${CSS.escape(value)}"]` : "")).join("");
    if (key && node.matches(".ck-mark")) return `.ck-mark[data-key="${CSS.escape(key)}"]`;
    const details = node.matches("summary") && node.parentElement.dataset.key;
    return details ? `[data-key="${CSS.escape(details)}"] > summary` : null;
  }

  // --- what is pressed -------------------------------------------------------------------------------------------
  root.addEventListener("click", (event) => {
    const file = event.target.closest("[data-save]");
    if (file) return keep(file.closest("figure"), file.dataset.save);
    const button = event.target.closest("[data-do]");
    if (button) {
      wanted = ["open", "filter"].includes(button.dataset.do); // the others change what is there
      if (wanted) opener = wayBack(button);
      act({ ...button.dataset, of: listOf(button) });
      return;
    }
    pressMark(event.target);
  });
  root.addEventListener("keydown", (event) => {
    if (event.key === "Escape") leave(event.target);
    if (event.key !== "Enter" && event.key !== " ") return;
    if (pressMark(event.target)) event.preventDefault();
  });

  // Escape leaves where one is: an open definition is closed, a list that was opened is left for what opened it.
  function leave(node) {
    hideTip();
    const details = node.closest("details[open]");
    const back = details ? details.querySelector("summary") : node.closest(".ck-list") && !node.value && opener();
    if (details) details.open = false;
    if (!back) return;
    back.focus({ preventScroll: true });
    back.scrollIntoView({ block: "nearest" });
  }
  function wayBack(node) {
    const part = node.closest(".ck-part");
    const place = placeOf(node);
    return () => part.querySelector(place);
  }

  function listOf(node) {
    return (node.closest("[data-of]") || node).dataset.of;
  }

  function pressMark(node) {
    const mark = node.closest("[data-key].ck-mark");
    const picture = mark && mark.closest("[data-dim]");
    if (!picture || !picture.dataset.dim) return false;
    hideTip();
    const { dim, name } = picture.dataset;
    wanted = !["period", "business_unit", "team", "rep"].includes(dim); // the others open a list
    if (wanted) opener = wayBack(mark);
    act({ do: "filter", dim, name, key: mark.dataset.key });
    return true;
  }

  let typing = 0;
  root.addEventListener("input", (event) => {
    if (!event.target.dataset.search) return;
    clearTimeout(typing);
    typing = setTimeout(() => act({ do: "search", text: event.target.value, of: listOf(event.target) }), 250);
  });

  // --- tips ------------------------------------------------------------------------------------------------------
  function showTip(mark, x, y) {
    tip.textContent = mark.dataset.tip;
    tip.hidden = false;
    const width = tip.offsetWidth;
    const left = Math.min(Math.max(8, x - width / 2), document.documentElement.clientWidth - width - 8);
    tip.style.left = `${left}px`;
    tip.style.top = `${Math.max(8, y - tip.offsetHeight - 12)}px`;
  }
  function hideTip() {
    tip.hidden = true;
  }
  root.addEventListener("pointermove", (event) => {
    const mark = event.target.closest && event.target.closest("[data-tip]");
    if (mark) showTip(mark, event.clientX, event.clientY);
    else hideTip();
  });
  root.addEventListener("pointerleave", hideTip);
  root.addEventListener("focusin", (event) => {
    const mark = event.target.closest("[data-tip]");
    if (!mark) return hideTip();
    const box = mark.getBoundingClientRect();
    showTip(mark, box.left + box.width / 2, box.top);
  });

  // --- busy, language, width, address ----------------------------------------------------------------------------
  const busy = () => {
    const on = model.get("busy");
    root.classList.toggle("ck-busy", on);
    root.setAttribute("aria-busy", String(on));
    if (on) explain("");
    bar.textContent = on ? model.get("words").busy : bar.matches(".ck-refused") ? bar.textContent : "";
  };
  const speak = () => {
    root.lang = model.get("lang");
    if (!inVoila) return;
    document.documentElement.lang = model.get("lang");
    document.title = `${model.get("words").title} · crmkpi`;
    window.dispatchEvent(new CustomEvent("ck:language", { detail: model.get("lang") }));
  };
  const remember = () => {
    if (!inVoila) return;
    history.replaceState(null, "", `?${[model.get("state"), model.get("opened")].filter(Boolean).join("&")}`);
    for (const link of document.querySelectorAll("a[data-ck-nav]")) link.search = `?${model.get("state")}`;
  };
  model.on("change:busy", busy);
  model.on("change:lang", speak);
  model.on("change:words", speak);
  model.on("change:state", remember);
  model.on("change:opened", remember);
  const date = () => {
    document.documentElement.dataset.ckMark = model.get("mark");
    window.dispatchEvent(new Event("ck:mark"));
  };
  model.on("change:mark", date);
  date();
  busy();
  speak();
  remember();

  // --- what is in or near the window is made first -------------------------------------------------------------------
  const parts = [...root.querySelectorAll(".ck-part")];
  const near = new Set();
  let told = 0;
  const look = new IntersectionObserver((changes) => {
    for (const { target, isIntersecting } of changes) near[isIntersecting ? "add" : "delete"](target.dataset.part);
    clearTimeout(told);
    told = setTimeout(() => keepUp("seen", [...near]), 100);
  }, { rootMargin: "15% 0px" });
  for (const part of parts) look.observe(part);
  const wait = () => {
    const names = model.get("waiting");
    for (const part of parts) {
      part.classList.toggle("ck-waiting", names.includes(part.dataset.part));
      part.setAttribute("aria-busy", String(names.includes(part.dataset.part)));
    }
    root.classList.toggle("ck-filling", names.length > 0);
  };
  model.on("change:waiting", wait);
  wait();

  const phone = matchMedia(NARROW);
  const fit = () => {
    if (model.get("narrow") === phone.matches) return;
    keepUp("narrow", phone.matches);
  };
  phone.addEventListener("change", fit);
  fit();
  const choose = (event) => act({ do: "lang", lang: event.detail });
  window.addEventListener("ck:choose-language", choose);

  // --- answers that are not parts: files, and signs of life ----------------------------------------------------------
  model.on("msg:custom", (message, buffers) => {
    asked = 0;
    lost(false);
    if (message.kind === "refused") explain(message.why);
    if (message.kind === "done") {
      root.classList.remove("ck-busy");
      if (!bar.matches(".ck-refused")) bar.textContent = "";
      if (wanted) goToList(root); // it was there already
    }
    if (message.kind === "file") save(message, buffers[0]);
  });
  function save(message, bytes) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([bytes], { type: message.type }));
    link.download = message.name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }
  // A picture as a file of its own: its title, its colours as they are now, letters that every machine has.
  async function keep(figure, kind) {
    const drawn = figure.querySelector(".ck-svg");
    const title = figure.querySelector("h3").textContent;
    const [, , width, height] = drawn.getAttribute("viewBox").split(" ").map(Number);
    const colours = getComputedStyle(document.documentElement);
    const text = new XMLSerializer().serializeToString(drawn);
    const inside = text.slice(text.indexOf(">") + 1).replace(/var\((--ck-[a-z]+)\)/g, (_all, name) => colours.getPropertyValue(name).trim());
    const words = document.createElement("i");
    words.textContent = title;
    const [surface, ink] = ["--ck-surface", "--ck-ink"].map((name) => colours.getPropertyValue(name).trim());
    const whole =
      `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="${width}" height="${height + 32}" ` +
      `viewBox="0 -32 ${width} ${height + 32}" font-family="Arial, sans-serif"><rect y="-32" width="100%" height="100%" fill="${surface}"/>` +
      `<text x="8" y="-12" font-size="15" font-weight="600" fill="${ink}">${words.innerHTML}</text>${inside}`;
    const svg = new Blob([whole], { type: "image/svg+xml" });
    const name = `${title.replace(/[^\p{L}\p{N}]+/gu, "-").slice(0, 80)}.${kind}`;
    if (kind === "svg") return save({ type: svg.type, name }, svg);
    const image = new Image();
    image.src = URL.createObjectURL(svg);
    await image.decode();
    URL.revokeObjectURL(image.src);
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [width * 2, (height + 32) * 2];
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    canvas.toBlob((png) => save({ type: png.type, name }, png), "image/png");
  }
  function lost(on) {
    window.dispatchEvent(new CustomEvent("ck:unanswered", { detail: on }));
  }
  // The server can be reached again: the kernel's own connection would wait longer and longer before it tries.
  const connect = () => {
    const kernel = kernelOf();
    if (kernel && kernel.connectionStatus !== "connected") kernel.reconnect();
  };
  window.addEventListener("ck:reachable", connect);
  const again = () => act({ do: "refresh" });
  window.addEventListener("ck:refresh", again);
  let alive = Date.now();
  const watch = setInterval(() => {
    if (document.hidden) return;
    if (asked && Date.now() - asked > SILENCE && !model.get("busy")) lost(true);
    if (asked || Date.now() - alive < PING) return;
    alive = Date.now();
    send({ do: "ping" });
  }, 3000);

  return () => {
    clearInterval(watch);
    look.disconnect();
    phone.removeEventListener("change", fit);
    window.removeEventListener("ck:choose-language", choose);
    window.removeEventListener("ck:reachable", connect);
    window.removeEventListener("ck:refresh", again);
  };
}

export default { render };
