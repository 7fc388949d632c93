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

  // Answers may come in the wrong order, those of htmx and those that are written into the rows: what is
  // shown is never written over by what was asked before it, nor by a view that was left meanwhile.
  let asked = 0;
  let shown = 0;
  const askOf = (list) => ({turn: ++asked, view: list.getAttribute("hx-get")});
  const isLate = (list, ask) => ask.turn < shown || ask.view !== list.getAttribute("hx-get");
  const writeInPlace = (list, ask, text) => {
    const fresh = new DOMParser().parseFromString(text, "text/html").getElementById(list.id);
    if (!fresh || isLate(list, ask)) return;
    shown = ask.turn;
    renewInPlace(list, fresh);
  };
  const fetchInPlace = async (list) => {
    const ask = askOf(list);
    const answer = await fetch(ask.view, {headers: {"HX-Request": "true"}});
    if (answer.status === 401) document.dispatchEvent(new Event("signed-out"));
    if (answer.ok) writeInPlace(list, ask, await answer.text());
  };

  const asks = new WeakMap();
  const searches = new WeakMap();
  document.addEventListener("htmx:before:request", (event) => {
    const {ctx} = event.detail;
    const list = event.target;
    if (!list.matches?.("[data-list]")) {
      if (ctx.target?.matches?.("[data-list]")) searches.set(ctx, ++asked);
    } else if (list.dataset.shows || !isHeld(list)) {
      asks.set(ctx, askOf(list));
    } else {
      event.preventDefault();
      fetchInPlace(list);
    }
  });

  let before = new Set();
  document.addEventListener("htmx:before:swap", (event) => {
    before = new Set(rowsOf(document).map((row) => row.id));
    const ctx = event.detail?.ctx;  // what was not asked for by htmx has none
    const ask = asks.get(ctx);
    if (!ask) return;
    const list = event.target;
    if (isLate(list, ask)) event.preventDefault();
    else if (!list.dataset.shows && isHeld(list)) {  // the hand has come since it was asked for
      event.preventDefault();
      writeInPlace(list, ask, ctx.text);
    }
  });
  document.addEventListener("htmx:after:swap", (event) => {
    const list = document.querySelector("[data-list]");
    // The view that somebody asked for comes whenever it comes: what changed meanwhile is asked for again.
    if (list && searches.get(event.detail?.ctx) < asked) fetchInPlace(list);
    if (!list || !event.target.matches?.("[data-list]")) return;
    shown = asks.get(event.detail?.ctx)?.turn ?? ++asked;
    for (const row of rowsOf(list)) row.classList.toggle("ow-arrived", !before.has(row.id));
    delete list.dataset.shows;
    tell(list);
  });

  // As the hub writes amounts: behind their sign, and grouped as the page says, rupees by lakh and crore.
  const sumOf = (boxes, grouping) => {
    const sums = new Map();
    for (const {dataset} of boxes) {
      const sum = sums.get(dataset.sign) ?? {minor: 0, scale: Number(dataset.scale)};
      sums.set(dataset.sign, {...sum, minor: sum.minor + Number(dataset.minor)});
    }
    return [...sums].map(([sign, {minor, scale}]) => sign + (minor / 10 ** scale).toLocaleString(
      grouping,
      {minimumFractionDigits: scale, maximumFractionDigits: scale},
    )).join(" + ");
  };
  const tell = (list) => {
    const boxes = [...list.querySelectorAll("tbody :checked")];
    const chosen = boxes.length;
    const sum = list.querySelector("[data-sum]");
    if (sum) sum.textContent = sumOf(boxes, sum.dataset.grouping);
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
