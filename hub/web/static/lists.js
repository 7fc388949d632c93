// Lists that change while somebody works in them: rows keep their place until they are let go.
(() => {
  const words = JSON.parse(document.body.dataset.words);

  const isHeld = (list) => {
    const rows = list.querySelector(".ow-rows");
    const active = document.activeElement;
    return list.querySelector("details.ow-menu[open], tbody :checked") !== null
      || Boolean(rows) && (
        rows.matches(":hover") || rows.scrollTop > 0 || rows.contains(active)
        || list.getBoundingClientRect().top < -40
      );
  };
  const rowsOf = (root) => [...root.querySelectorAll("tr[data-row]")];

  // Write into a row what changed in it; cells keep their place, and so does the focus.
  const renew = (row, fresh) => {
    [...row.cells].forEach((cell, index) => {
      const other = fresh.cells[index];
      if (cell.contains(document.activeElement) || cell.querySelector("input")) return;
      if (other && cell.innerHTML !== other.innerHTML) {
        cell.innerHTML = other.innerHTML;
        cell.classList.add("ow-flash");
      }
    });
  };

  const renewInPlace = (list, fresh) => {
    const found = new Map(rowsOf(fresh).map((row) => [row.id, row]));
    for (const row of rowsOf(list)) {
      const other = found.get(row.id);
      row.classList.toggle("ow-gone", !other);
      if (other) renew(row, other);
      found.delete(row.id);
    }
    for (const part of [".ow-table tfoot", "nav > .ow-chips"]) {
      const old = list.querySelector(part);
      const now = fresh.querySelector(part);
      if (old && now && !old.contains(document.activeElement)) old.innerHTML = now.innerHTML;
    }
    const news = list.querySelector("[data-news]");
    news.hidden = found.size === 0;
    if (found.size) {
      const said = words["listing.new"].replace("{count}", found.size);
      news.textContent = said;
      list.querySelector("[data-heard]").textContent = said;
    }
  };

  // Two answers may come in the wrong order: what is shown is never written over by what was before it.
  let asked = 0;
  let shown = 0;
  const fetchInPlace = async (list) => {
    const turn = ++asked;
    const answer = await fetch(list.getAttribute("hx-get"), {headers: {"HX-Request": "true"}});
    if (answer.status === 401) document.dispatchEvent(new Event("signed-out"));
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById(list.id);
    if (!fresh || turn < shown) return;
    shown = turn;
    renewInPlace(list, fresh);
  };

  document.addEventListener("htmx:before:request", (event) => {
    const list = event.target;
    if (!list.matches?.("[data-list]") || list.dataset.shows || !isHeld(list)) return;
    event.preventDefault();
    fetchInPlace(list);
  });

  let before = new Set();
  document.addEventListener("htmx:before:swap", () => {
    before = new Set(rowsOf(document).map((row) => row.id));
  });
  document.addEventListener("htmx:after:swap", (event) => {
    const list = document.querySelector("[data-list]");
    if (!list || !event.target.matches?.("[data-list]")) return;
    shown = asked + 1;
    for (const row of rowsOf(list)) row.classList.toggle("ow-arrived", !before.has(row.id));
    delete list.dataset.shows;
    tell(list);
  });

  const tell = (list) => {
    const chosen = list.querySelectorAll("tbody :checked").length;
    const told = list.querySelector("[data-chosen]");
    if (told) told.textContent = words["listing.chosen"].replace("{count}", chosen);
    const all = list.querySelector("[data-all]");
    if (all) all.checked = chosen > 0 && chosen === list.querySelectorAll("tbody [name=key]").length;
  };

  document.addEventListener("click", (event) => {
    const news = event.target.closest("[data-news]");
    if (!news) return;
    const list = news.closest("[data-list]");
    list.dataset.shows = "true";
    list.querySelector(".ow-rows")?.scrollTo(0, 0);
    htmx.ajax("GET", list.getAttribute("hx-get"), {source: list, target: list, swap: "outerMorph"});
  });
  document.addEventListener("change", (event) => {
    const list = event.target.closest("[data-list]");
    if (!list) return;
    if (event.target.matches("[data-all]")) {
      for (const box of list.querySelectorAll("tbody [name=key]")) box.checked = event.target.checked;
    }
    tell(list);
  });
  document.addEventListener("reset", (event) => {
    const list = event.target.closest("[data-list]");
    if (list) setTimeout(() => tell(list));
  });
})();
