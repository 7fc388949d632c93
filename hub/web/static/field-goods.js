// Goods that need not be typed one by one: by camera, as last time, what is usual, a list that is pasted.
const fieldGoods = (() => {
  const {say, make, labelled, button, day, dayOn, findExact, findProducts} = fieldParts;

  // Shown where the browser reads bar codes by itself: scan.js says so.
  const scanner = () => make("button", {type: "button", class: "scans", "data-scans": true, "data-hint": say("scan_hint"), "data-closing": say("close"), "data-denied": say("scan_denied")}, say("scan"));

  // A row as people write it: `12 TEA`, `12 x TEA`, `TEA 12` or `TEA`; a name that fits one product is it.
  const ROW = /^(?:(\d{1,7})\s*[x*\u00d7]?\s+)?(.+?)(?:\s+[x*\u00d7]?\s*(\d{1,7}))?$/i;
  const readRow = (text, products) => {
    const [, before, name, after] = ROW.exec(text) ?? [];
    const tries = before || after ? [[name, Number(before ?? after)], [text, 1]] : [[text, 1]];
    for (const [named, quantity] of tries) {
      const exact = findExact(products, named ?? "");
      const alike = exact ? [] : findProducts(products, named ?? "");
      const one = exact?.[0] ?? (alike.length === 1 ? alike[0] : null);
      const unit = exact?.[1] && exact[1] !== one[2] ? exact[1] : null;
      if (one && quantity) return {sku: one[0], quantity, unit};
    }
    return null;
  };

  const pasteField = (products, add) => {
    const text = make("textarea", {rows: 4, placeholder: say("paste_hint")});
    const said = make("p", {role: "status"});
    return make("details", {}, make("summary", {}, say("paste")), ...labelled(say("paste"), text), said,
      make("div", {class: "actions"}, button(say("paste_add"), async () => {
        const rows = text.value.split(/[\n;]+/).map((row) => row.trim()).filter(Boolean);
        const read = rows.map((row) => [row, readRow(row, products)]);
        await add(read.map(([, one]) => one).filter(Boolean));
        // What was not found stays to be mended; what was taken is gone.
        const left = read.filter(([, one]) => !one).map(([row]) => row);
        text.value = left.join("\n");
        said.textContent = say("paste_read", {count: rows.length - left.length, left: left.length});
        if (left.length) text.focus();
      })));
  };

  const quick = (past, known, products, add) => {
    const [at, lines, usual] = past ?? [0, [], []];
    const sold = lines.filter(([sku]) => known.has(sku)).map(([sku, quantity, unit]) => ({sku, quantity, unit}));
    const last = new Map(sold.map((one) => [one.sku, one]));
    const often = usual.filter(([sku]) => known.has(sku));
    return make("div", {},
      sold.length ? make("div", {class: "actions"}, button(say("last_order", {day: day(dayOn(new Date(at))), count: sold.length}), () => add(sold))) : null,
      often.length ? make("details", {}, make("summary", {}, say("usual", {count: often.length})),
        ...often.map(([sku, times]) => button(say("usual_row", {name: known.get(sku)[1], times}), () => add([{sku, quantity: 1, unit: last.get(sku)?.unit ?? null}])))) : null,
      pasteField(products, add));
  };

  return {scanner, quick};
})();
