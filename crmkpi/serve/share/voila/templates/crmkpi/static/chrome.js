// Around the page: language, colours, first paint, the change from it to the living page, and whether that still lives.
"use strict";
(function () {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const THEMES = ["auto", "light", "dark"];

  function remembered(key) {
    try { return localStorage.getItem(key); } catch (refused) { return null; } // storage may be forbidden
  }
  function remember(key, value) {
    try { localStorage.setItem(key, value); } catch (refused) { return; }
  }
  function theme() {
    const chosen = remembered("ck-theme");
    return THEMES.includes(chosen) ? chosen : "auto";
  }
  function paint() {
    const chosen = theme();
    root.dataset.ckTheme = chosen === "auto" ? (dark.matches ? "dark" : "light") : chosen;
    const button = document.querySelector(".ck-theme");
    if (button) button.textContent = button.dataset[`${chosen}${root.lang === "fr" ? "Fr" : "En"}`];
  }
  dark.addEventListener("change", paint);
  window.addEventListener("beforeprint", () => { root.dataset.ckTheme = "light"; });
  window.addEventListener("afterprint", paint);
  paint();

  function speak(lang) {
    root.lang = lang;
    for (const each of document.querySelectorAll("[data-fr]")) each.textContent = each.dataset[lang];
    for (const each of document.querySelectorAll("[data-fr-label]")) each.setAttribute("aria-label", each.dataset[`${lang}Label`]);
    for (const each of document.querySelectorAll("[data-lang]")) each.setAttribute("aria-pressed", String(each.dataset.lang === lang));
    paint();
  }
  window.addEventListener("ck:language", (event) => speak(event.detail));

  function begin(lang, base) {
    home = base;
    const asked = new URLSearchParams(location.search).get("lang");
    speak(asked === "fr" || asked === "en" ? asked : lang);
    document.querySelector(".ck-theme").addEventListener("click", () => {
      remember("ck-theme", THEMES[(THEMES.indexOf(theme()) + 1) % THEMES.length]);
      paint();
    });
    document.querySelector(".ck-print").addEventListener("click", () => window.print());
    document.querySelector("#ck-lost button").addEventListener("click", () => location.reload());
    for (const each of document.querySelectorAll("[data-lang]")) {
      each.addEventListener("click", () => {
        speak(each.dataset.lang);
        if (document.querySelector("#loading .ck-first")) keep({ lang: each.dataset.lang });
        else window.dispatchEvent(new CustomEvent("ck:choose-language", { detail: each.dataset.lang }));
      });
    }
    for (const kind of ["click", "change", "input"]) document.addEventListener(kind, early);
    document.querySelector("#ck-news button").addEventListener("click", () => {
      news(false);
      window.dispatchEvent(new Event("ck:refresh"));
    });
    window.voila_heartbeat = () => {};
    window.voila_process = progress;
    window.display_cells = window.voila_finish = display;
  }

  function progress(index, count) {
    const text = document.getElementById("loading_text");
    if (text) text.textContent = root.lang === "fr" ? `Préparation : étape ${index} sur ${count}` : `Getting ready: step ${index} of ${count}`;
  }

  // --- what is pressed before the page lives is kept, is seen to wait, and is done as soon as it does -----------------------
  const ALIKE = "[data-do], [data-save], .ck-mark[data-key], .ck-filters :is(select, input, button), input[type=search]";
  const pressed = [];
  function keep(what) {
    pressed.push(what);
    const page = document.querySelector("#loading .ck-first");
    page.classList.add("ck-busy");
    const bar = page.querySelector(".ck-progress");
    if (bar) bar.textContent = bar.dataset.busy;
  }
  function early(event) {
    const node = event.target.closest && event.target.closest(`#loading :is(${ALIKE})`);
    if (!node) return;
    const field = node.matches("select, input");
    if (field !== (event.type !== "click") || (event.type === "change") === (node.type === "search")) return;
    keep({ place: placeOf(node), kind: event.type, index: node.selectedIndex, value: node.value });
  }
  // Where a node stands: in which part, the how-manieth of those that can be pressed. The living page has the same parts.
  function placeOf(node) {
    const part = node.closest("[data-part], .ck-filters");
    return [part.dataset.part ? `[data-part="${part.dataset.part}"]` : ".ck-filters", [...part.querySelectorAll(ALIKE)].indexOf(node)];
  }
  function found(cells, [part, number]) {
    const there = cells.querySelector(part);
    return there && there.querySelectorAll(ALIKE)[number];
  }
  function press(cells, { place, kind, index, value, lang }) {
    if (lang) return window.dispatchEvent(new CustomEvent("ck:choose-language", { detail: lang }));
    const node = found(cells, place);
    if (!node) return;
    if (node.matches("select")) node.selectedIndex = index;
    else if (kind !== "click") node.value = value;
    node.dispatchEvent(kind === "click" ? new MouseEvent("click", { bubbles: true }) : new Event(kind, { bubbles: true }));
  }
  function moveIn(loading, cells) {
    const opened = [...loading.querySelectorAll("details[open]")].map((each) => [...loading.querySelectorAll("details")].indexOf(each));
    const details = cells.querySelectorAll("details");
    for (const number of opened) if (details[number]) details[number].open = true;
    const focused = loading.contains(document.activeElement) && document.activeElement.matches(ALIKE) && placeOf(document.activeElement);
    loading.remove();
    const again = focused && found(cells, focused);
    if (again) again.focus({ preventScroll: true });
    for (const each of pressed.splice(0)) press(cells, each);
  }

  let painted = false;
  function firstPaint() {
    const first = document.getElementById("ck-first");
    const loading = document.getElementById("loading");
    if (!first || !loading) return;
    loading.replaceChildren(first.content.cloneNode(true));
    loading.setAttribute("aria-busy", "true");
    first.remove();
    painted = true;
  }

  // The living page takes the place of the first paint once it is there, so that nothing blinks.
  function display() {
    if (!window.themeLoaded) {
      window.cellLoaded = true;
      return;
    }
    const cells = document.getElementById("rendered_cells");
    const loading = document.getElementById("loading");
    cells.style.display = "";
    if (!loading) return;
    const filters = (place) => place.querySelectorAll(".ck-filters select").length;
    const alive = () => !painted || (cells.querySelector(".ck-page .ck-part") && filters(cells) >= filters(loading));
    const change = () => {
      const at = window.scrollY;
      cells.classList.remove("ck-waiting");
      moveIn(loading, cells);
      window.scrollTo(0, at);
    };
    if (alive()) return change();
    cells.classList.add("ck-waiting");
    const watch = new MutationObserver(() => {
      if (!alive()) return;
      watch.disconnect();
      change();
    });
    watch.observe(cells, { childList: true, subtree: true });
  }

  // --- whether the page still lives, and which data there are -----------------------------------------------------------------
  const POLL = 5000;
  const PATIENCE = 20000; // milliseconds that a kernel which lives may leave a question unanswered
  let home = "/";
  let kernel = "";
  let unreachable = false;
  let unanswered = 0;
  let recovering = false;

  function watch() {
    kernel = JSON.parse(document.getElementById("jupyter-config-data").textContent).kernelId;
    setInterval(poll, POLL);
    for (const kind of ["pageshow", "online"]) window.addEventListener(kind, poll);
    document.addEventListener("visibilitychange", poll);
    window.addEventListener("pagehide", () => navigator.sendBeacon(`${home}voila/api/shutdown/${kernel}`));
    window.addEventListener("ck:unanswered", (event) => {
      unanswered = event.detail ? unanswered || Date.now() : 0;
      banner();
    });
    window.addEventListener("ck:mark", () => news(false));
  }
  async function poll() {
    if (document.hidden || recovering) return;
    let answer;
    try {
      answer = await fetch(`${home}life/${kernel}`, { cache: "no-store", redirect: "manual" });
    } catch (dropped) {
      answer = { status: 599 };
    }
    if (answer.status >= 500) {
      unreachable = true;
    } else if (answer.status !== 200 || (unanswered && Date.now() - unanswered > PATIENCE)) {
      return recover();
    } else {
      if (unreachable) window.dispatchEvent(new Event("ck:reachable"));
      unreachable = false;
      const { mark } = await answer.json();
      const own = root.dataset.ckMark;
      if (own && mark) news(mark !== own);
    }
    banner();
  }
  function banner() {
    document.getElementById("ck-lost").hidden = !(unreachable || unanswered);
  }
  function news(on) {
    document.getElementById("ck-news").hidden = !on;
  }
  // The kernel is gone: the page begins again, its filters are in its address. Twice in two minutes at most, then the viewer decides.
  function recover() {
    const before = JSON.parse(sessionStorage.getItem("ck-again") || "[]").filter((moment) => Date.now() - moment < 120000);
    recovering = true;
    const lost = document.getElementById("ck-lost");
    lost.hidden = false;
    if (before.length >= 2) return;
    lost.classList.add("ck-again");
    sessionStorage.setItem("ck-again", JSON.stringify([...before, Date.now()]));
    setTimeout(() => location.reload(), 1500);
  }

  // The figures are there: what makes them live may come now, while the kernel begins.
  function wasPainted(scripts) {
    painted = true;
    const ahead = document.createElement("link");
    Object.assign(ahead, { rel: "preload", as: "script", href: scripts });
    document.head.append(ahead);
  }

  window.ckChrome = { begin, firstPaint, painted: wasPainted, watch };
})();
