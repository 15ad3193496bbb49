// Around the page: language, colours, first paint, and the change from it to the living page.
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

  function begin(lang) {
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
        window.dispatchEvent(new CustomEvent("ck:choose-language", { detail: each.dataset.lang }));
      });
    }
    window.voila_heartbeat = () => {};
    window.voila_process = progress;
    window.display_cells = window.voila_finish = display;
  }

  function progress(index, count) {
    const text = document.getElementById("loading_text");
    if (text) text.textContent = root.lang === "fr" ? `Préparation : étape ${index} sur ${count}` : `Getting ready: step ${index} of ${count}`;
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
    const alive = () => !painted || cells.querySelector(".ck-page .ck-part");
    const change = () => {
      const at = window.scrollY;
      loading.remove();
      cells.classList.remove("ck-waiting");
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

  window.ckChrome = { begin, firstPaint };
})();
