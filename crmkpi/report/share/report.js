// What a page can do without a server: follow the colours of the screen, sort a list, search in it, go to one.
const dark = matchMedia("(prefers-color-scheme: dark)");
const paint = () => { document.documentElement.dataset.ckTheme = dark.matches && !matchMedia("print").matches ? "dark" : "light"; };
paint();
dark.addEventListener("change", paint);
addEventListener("beforeprint", () => { document.documentElement.dataset.ckTheme = "light"; });
addEventListener("afterprint", paint);

function worth(text) {
  const day = text.match(/^(\d{2})\/(\d{2})\/(\d{4})$/);
  if (day) return Number(day[3] + day[2] + day[1]);
  const plain = text.replace(/[\s\u00a0\u202f€$£%×]/g, "").replace("\u2212", "-");
  const number = document.documentElement.lang === "fr" ? plain.replace(",", ".") : plain.replaceAll(",", "");
  return /^-?\d+(\.\d+)?$/.test(number) ? Number(number) : null;
}

function compare(one, other) {
  const [a, b] = [worth(one), worth(other)];
  if (a !== null && b !== null) return a - b;
  return one.localeCompare(other, document.documentElement.lang);
}

function sort(head) {
  const place = [...head.parentNode.children].indexOf(head);
  const down = head.getAttribute("aria-sort") === "ascending";
  const body = head.closest("table").tBodies[0];
  const text = (row) => row.cells[place]?.textContent.trim() ?? "";
  const rows = [...body.rows].sort((a, b) => {
    const [one, other] = [text(a), text(b)];
    if (!one || !other) return (one ? 0 : 1) - (other ? 0 : 1);  // what is empty comes last
    return compare(one, other) * (down ? -1 : 1);
  });
  for (const each of head.parentNode.children) each.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", down ? "descending" : "ascending");
  body.append(...rows);
}

function open(name) {
  const list = [...document.querySelectorAll("details[data-list]")].find((each) => each.dataset.list === name);
  if (!list) return;
  list.open = true;
  list.scrollIntoView({ block: "start" });
}

document.addEventListener("click", (event) => {
  const pressed = event.target.closest("[data-do]");
  if (pressed?.dataset.do === "sort") sort(pressed.closest("th"));
  if (pressed?.dataset.do === "open") open(pressed.dataset.name);
});

for (const table of document.querySelectorAll(".ck-list table")) {
  const field = document.createElement("input");
  field.type = "search";
  field.className = "ck-sought";
  field.placeholder = document.documentElement.lang === "fr" ? "Chercher dans la liste" : "Search in the list";
  field.setAttribute("aria-label", field.placeholder);
  field.addEventListener("input", () => {
    const wanted = field.value.trim().toLowerCase();
    for (const row of table.tBodies[0].rows) row.hidden = !row.textContent.toLowerCase().includes(wanted);
  });
  table.parentNode.insertBefore(field, table);
}
