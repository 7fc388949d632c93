// The views of the phone's page: today's way, an outlet, an order, and what waits for the hub.
(() => {
  const words = JSON.parse(document.body.dataset.words);
  const language = document.documentElement.lang;
  const view = document.getElementById("view");
  const banner = document.getElementById("banner");
  let snapshot = {outlets: [], products: [], visits: [], begun: null, ended: null, day: ""};
  let rows = [];
  let shown = 0;
  let toldAt = 0;

  const fill = (text, values) => Object.entries(values).reduce((said, [name, value]) => said.replaceAll(`{${name}}`, value), text);
  const say = (name, values = {}) => fill(words[name] ?? name, values);
  const rupees = new Intl.NumberFormat(language + "-IN", {style: "currency", currency: "INR"});
  const money = (minor) => rupees.format(minor / 100);
  const clock = (ms) => new Intl.DateTimeFormat(language + "-IN", {hour: "2-digit", minute: "2-digit"}).format(ms);
  const dayAndClock = (ms) => new Intl.DateTimeFormat(language + "-IN", {dateStyle: "medium", timeStyle: "short"}).format(ms);

  const make = (name, given = {}, ...children) => {
    const node = name === "svg" || name === "polyline" || name === "circle" || name === "text" || name === "title"
      ? document.createElementNS("http://www.w3.org/2000/svg", name) : document.createElement(name);
    for (const [key, value] of Object.entries(given)) {
      if (value === null || value === undefined || value === false) continue;
      if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
      else if (key === "value") node.value = value;
      else node.setAttribute(key, value === true ? "" : value);
    }
    node.append(...children.flat().filter((one) => one !== null && one !== undefined && one !== false));
    return node;
  };
  const labelled = (label, control) => {
    control.id ||= "f-" + Math.random().toString(36).slice(2);
    return [make("label", {for: control.id}, label), control];
  };
  const options = (family, none) => [
    none ? make("option", {value: ""}, none) : null,
    ...Object.entries(words[family]).map(([code, name]) => make("option", {value: code}, name)),
  ];

  // --- what is known: the hub's snapshot, and over it all that the phone has kept since ------------

  const outlet = (code) => snapshot.outlets.find((one) => one.code === code);
  const midnight = () => new Date().setHours(0, 0, 0, 0);
  const today = () => rows.filter((row) => row.entry.at >= midnight() && row.state !== "refused");
  const visitsOf = (code) => {
    const own = today().filter((row) => row.entry.kind === "visit_begun" && row.entry.outlet === code)
      .map((row) => ({uuid: row.id, outlet: code, begun_at: row.entry.at, ended_at: null}));
    const known = snapshot.visits.filter((one) => one.outlet === code && !own.some((row) => row.uuid === one.uuid));
    const ends = new Map(today().filter((row) => row.entry.kind === "visit_ended").map((row) => [row.entry.visit, row.entry.at]));
    return [...known, ...own].map((one) => ({...one, ended_at: one.ended_at ?? ends.get(one.uuid) ?? null}));
  };
  const openVisit = (code) => visitsOf(code).find((one) => one.ended_at === null);
  const dayOf = () => {
    const begun = today().find((row) => row.entry.kind === "day_begun")?.entry.at ?? snapshot.begun;
    const ended = today().findLast((row) => row.entry.kind === "day_ended")?.entry.at ?? snapshot.ended;
    return {begun, ended: ended && begun && ended >= begun ? ended : null};
  };

  // --- the place, which is never waited for longer than a person would -----------------------------

  const whereAmI = () => new Promise((resolve) => {
    if (!navigator.geolocation) { resolve({}); return; }
    const give = ({coords, timestamp}) => resolve({
      latitude: Math.round(coords.latitude * 1e6),
      longitude: Math.round(coords.longitude * 1e6),
      accuracy_m: Math.min(1e6, Math.round(coords.accuracy)),
      age_s: Math.max(0, Math.min(1e9, Math.round((Date.now() - timestamp) / 1000))),
    });
    const none = (error) => resolve(error.code === 1 ? {denied: true} : {});
    navigator.geolocation.getCurrentPosition(give, none, {enableHighAccuracy: true, timeout: 6_000, maximumAge: 60_000});
    setTimeout(() => resolve({}), 8_000);
  });

  const keep = async (entry, how) => {
    let id;
    try {
      id = await fieldStore.add(entry, how);
    } catch (error) {
      banner.textContent = say("not_kept");
      banner.className = "bad";
      banner.hidden = false;
      scrollTo(0, 0);
      throw error;
    }
    fieldSync.soon();
    await load();
    return id;
  };
  const once = (work) => async (event) => {
    const button = event.currentTarget;
    if (button.disabled) return;
    button.disabled = true;
    try { await work(event); } finally { button.disabled = false; }
  };
  const button = (label, work, kind = "") => make("button", {type: "button", class: kind, onclick: once(work)}, label);

  // --- views ---------------------------------------------------------------------------------------

  const stateOf = (row) => ({waiting: say("waiting"), refused: say("refused"), done: say("kept")})[row.state];
  const entryCard = (row) => {
    const {entry} = row;
    const told = row.told ?? {};
    const about = entry.outlet ? (outlet(entry.outlet)?.name ?? entry.outlet) : "";
    return make("article", {class: "card " + row.state, "data-state": row.state},
      make("div", {class: "side"},
        make("strong", {}, [words.kinds[entry.kind], about].filter(Boolean).join(": ")),
        make("span", {class: row.state === "refused" ? "bad" : row.state === "done" ? "good" : "faint"}, stateOf(row))),
      make("p", {class: "faint"}, dayAndClock(entry.at)),
      entry.kind === "collected" ? make("p", {}, [entry.fields.amount, words.modes[entry.fields.mode], entry.fields.reference].filter(Boolean).join(" · ")) : null,
      told.number ? make("p", {}, [told.number, told.status_words, told.total].filter(Boolean).join(" · ")) : null,
      row.words ? make("p", {class: row.state === "refused" ? "bad" : ""}, row.words) : null,
      row.state === "refused" ? make("div", {class: "actions"},
        entry.kind === "ordered" ? button(say("mend"), async () => {
          await fieldStore.keep("draft:" + entry.outlet, {lines: entry.lines, payment: entry.payment});
          await fieldStore.remove(row.id);
          location.hash = "#/order/" + encodeURIComponent(entry.outlet);
        }, "main") : null,
        entry.kind === "collected" ? button(say("mend"), async () => {
          await fieldStore.keep("money:" + entry.outlet, {fields: entry.fields, of: row.id});
          location.hash = "#/collect/" + encodeURIComponent(entry.outlet);
        }, "main") : null,
        told.status === "rejected" ? null : button(say("retry"), async () => { await fieldStore.change(row.id, {state: "waiting", words: ""}); fieldSync.soon(); await load(); draw(); }),
        button(say("discard"), async () => { if (confirm(say("discard_sure"))) { await fieldStore.remove(row.id); await load(); draw(); } })) : null);
  };

  const outletCard = (one) => {
    const visits = visitsOf(one.code);
    const state = visits.some((visit) => visit.ended_at === null) ? say("begun") : visits.length ? say("visited") : "";
    return make("a", {class: "card", href: "#/outlet/" + encodeURIComponent(one.code)},
      make("div", {class: "side"},
        make("strong", {}, one.place ? `${one.place}. ${one.name}` : one.name),
        make("span", {class: "good"}, state)),
      make("p", {class: "faint"}, [one.city, one.owed > 0 ? `${say("balance")} ${money(one.owed)}` : ""].filter(Boolean).join(" · ")));
  };

  const wayDrawing = (stops) => {
    const placed = stops.filter((one) => one.latitude !== null && one.longitude !== null);
    if (placed.length < 2) return null;
    const span = (values) => [Math.min(...values), Math.max(Math.max(...values) - Math.min(...values), 1)];
    const [west, width] = span(placed.map((one) => one.longitude));
    const [south, height] = span(placed.map((one) => one.latitude));
    const at = (one) => [20 + 280 * (one.longitude - west) / width, 110 - 90 * (one.latitude - south) / height];
    return make("svg", {class: "way", viewBox: "0 0 320 130", role: "img", "aria-label": say("today")},
      make("polyline", {points: placed.map((one) => at(one).join(",")).join(" ")}),
      placed.flatMap((one) => {
        const [x, y] = at(one);
        return [
          make("circle", {cx: x, cy: y, r: 6, class: visitsOf(one.code).length ? "visited" : ""}, make("title", {}, one.name)),
          make("text", {x: x + 8, y: y + 4}, String(one.place)),
        ];
      }));
  };

  const targetCard = (one) => {
    const written = one.money ? money : (count) => new Intl.NumberFormat(language + "-IN").format(count);
    const rate = Math.round(100 * one.achieved / one.target);
    return make("div", {class: "card", "data-target": one.measure},
      make("div", {class: "side"},
        make("strong", {}, [words.measures[one.measure], one.thing].filter(Boolean).join(": ")),
        make("span", {class: one.word === "behind" ? "bad" : "good"}, `${rate}%`)),
      make("progress", {max: 100, value: Math.min(rate, 100), "aria-label": words.measures[one.measure]}),
      make("p", {class: "faint"}, say("target_of", {achieved: written(one.achieved), target: written(one.target)})),
      one.needed ? make("p", {}, say("target_needed", {amount: written(one.needed), days: one.days})) : one.word === "reached" ? make("p", {class: "good"}, say("target_reached")) : null);
  };

  const todayView = () => {
    const stops = snapshot.outlets.filter((one) => one.place !== null).sort((one, other) => one.place - other.place);
    const {begun, ended} = dayOf();
    const visited = stops.filter((one) => visitsOf(one.code).length).length;
    return [
      make("h1", {}, say("today")),
      make("div", {class: "side"},
        make("p", {}, begun ? (ended ? say("day_over", {begun: clock(begun), ended: clock(ended)}) : say("day", {at: clock(begun)})) : ""),
        begun && !ended ? button(say("end_day"), async () => { await keep({kind: "day_ended", place: await whereAmI()}); draw(); })
          : button(say("begin_day"), async () => { await keep({kind: "day_begun", place: await whereAmI()}); draw(); }, begun ? "" : "main")),
      make("p", {}, stops.length ? say("of_planned", {visited, planned: stops.length}) : say("no_route")),
      wayDrawing(stops),
      ...stops.map(outletCard),
      make("p", {}, make("a", {href: "#/all"}, say("all"))),
      ...(snapshot.targets?.length ? [make("h2", {}, say("targets")), make("p", {class: "faint"}, say("target_as_of", {at: dayAndClock(toldAt)})), ...snapshot.targets.map(targetCard)] : []),
    ];
  };

  const allView = () => {
    const list = make("div", {});
    const search = make("input", {type: "search", autocomplete: "off"});
    const fillList = () => {
      const text = search.value.trim().toLocaleLowerCase();
      const found = snapshot.outlets.filter((one) => !text || [one.name, one.code, one.phone, one.city].some((value) => value.toLocaleLowerCase().includes(text)));
      list.replaceChildren(...(found.length ? found.slice(0, 100).map(outletCard) : [make("p", {}, say("no_outlets"))]));
    };
    search.addEventListener("input", fillList);
    fillList();
    return [make("h1", {}, say("all")), labelled(say("find"), search), list].flat();
  };

  const outletView = (code) => {
    const one = outlet(code);
    if (!one) return [make("h1", {}, code), make("p", {}, say("no_outlets"))];
    const open = openVisit(code);
    const address = encodeURIComponent(code);
    const of = today().filter((row) => row.entry.outlet === code || visitsOf(code).some((visit) => visit.uuid === row.entry.visit)).reverse();
    const refused = rows.filter((row) => row.state === "refused" && row.entry.outlet === code);
    return [
      make("h1", {}, one.name),
      make("p", {class: "faint"}, [one.address, one.city].filter(Boolean).join(", ")),
      one.phone ? make("p", {}, make("a", {class: "button", href: "tel:" + one.phone}, `${say("call")} ${one.phone}`)) : null,
      make("dl", {}, make("dt", {}, say("balance")), make("dd", {}, money(one.owed)),
        one.credit_state === "amount" ? [make("dt", {}, say("limit")), make("dd", {}, money(one.credit_limit))] : null),
      one.status === "active" ? null : make("p", {class: "bad"}, say("closed")),
      open ? endForm(code, open) : make("div", {class: "actions"}, button(say("begin_visit"), async () => {
        const at = Date.now();
        await keep({kind: "visit_begun", outlet: code, place: await whereAmI(), at});
        draw();
      }, "main")),
      make("div", {class: "actions"},
        make("a", {class: "button", href: "#/order/" + address}, say("new_order")),
        make("a", {class: "button", href: "#/collect/" + address}, say("collect")),
        make("a", {class: "button", href: "#/note/" + address}, say("note"))),
      ...[...refused, ...of].map(entryCard),
    ];
  };

  const endForm = (code, open) => {
    const outcome = make("select", {}, options("outcomes", say("outcome")));
    const why = make("input", {maxlength: 500});
    if (today().some((row) => row.entry.kind === "ordered" && row.entry.visit === open.uuid)) outcome.value = "order";
    return make("section", {class: "card"},
      make("p", {}, say("day", {at: clock(open.begun_at)})),
      labelled(say("outcome"), outcome), labelled(say("why"), why),
      make("div", {class: "actions"}, button(say("end_visit"), async () => {
        if (!outcome.value) { outcome.focus(); return; }
        await keep({kind: "visit_ended", visit: open.uuid, outcome: outcome.value, why: why.value.trim()});
        draw();
      }, "main")));
  };

  const noteView = (code) => {
    const about = make("select", {}, options("notes"));
    const text = make("textarea", {rows: 4, maxlength: 500});
    return [make("h1", {}, `${say("note")}: ${outlet(code)?.name ?? code}`),
      labelled(say("note"), about), labelled(say("text"), text),
      make("div", {class: "actions"}, button(say("save"), async () => {
        if (!text.value.trim()) { text.focus(); return; }
        await keep({kind: "noted", outlet: code, about: about.value, text: text.value.trim(), visit: openVisit(code)?.uuid ?? null});
        history.back();
      }, "main"))].flat();
  };

  const collectView = (code, draft) => {
    const amount = make("input", {inputmode: "decimal", autocomplete: "off", value: draft?.fields.amount ?? ""});
    const mode = make("select", {}, options("modes"));
    mode.value = draft?.fields.mode ?? "cash";
    const reference = make("input", {maxlength: 64, autocomplete: "off", value: draft?.fields.reference ?? ""});
    const isAmount = () => /^\d[\d,]*(\.\d{1,2})?$/.test(amount.value.trim()) && /[1-9]/.test(amount.value);
    return [make("h1", {}, `${say("collect")}: ${outlet(code)?.name ?? code}`),
      make("p", {}, `${say("balance")} ${money(outlet(code)?.owed ?? 0)}`),
      labelled(say("amount"), amount), labelled(say("money"), mode), labelled(say("reference"), reference),
      make("div", {class: "actions"}, button(say("save"), async () => {
        if (!isAmount()) { amount.focus(); amount.select(); return; }
        if (mode.value !== "cash" && !reference.value.trim()) { reference.focus(); return; }
        await keep({kind: "collected", outlet: code, visit: openVisit(code)?.uuid ?? null,
          fields: {amount: amount.value.trim(), mode: mode.value, reference: reference.value.trim()}}, {drops: "money:" + code, instead: draft?.of});
        history.back();
      }, "main"))].flat();
  };

  const orderView = (code, draft) => {
    const lines = draft.lines.map((line) => ({...line}));
    const products = new Map(snapshot.products.map((one) => [one[0], one]));
    const table = make("table", {});
    const found = make("div", {});
    const price = make("p", {role: "status"}, draft.price ? `${say("price_of", {at: dayAndClock(draft.price.at)})} ${draft.price.total}` : "");
    const payment = make("select", {onchange: () => save()}, options("payments"));
    payment.value = draft.payment ?? "credit";
    const search = make("input", {type: "search", autocomplete: "off", enterkeyhint: "search"});
    const save = (told) => fieldStore.keep("draft:" + code, {lines, payment: payment.value, price: told});
    const units = (one) => [one[2], ...one[3].split(/[,;\s]+/).map((pack) => pack.split("=")[0].trim()).filter(Boolean)];
    const drawLines = () => table.replaceChildren(...lines.map((line, place) => {
      const one = products.get(line.sku);
      const quantity = make("input", {type: "number", min: 1, max: 9999999, inputmode: "numeric", value: line.quantity, "aria-label": `${say("pieces")}: ${one?.[1] ?? line.sku}`,
        onchange: (event) => { line.quantity = Math.max(1, Math.floor(Number(event.target.value) || 1)); event.target.value = line.quantity; save(); }});
      const unit = make("select", {"aria-label": say("pieces"), onchange: (event) => { line.unit = event.target.value === one?.[2] ? null : event.target.value; save(); }},
        (one ? units(one) : [line.unit ?? ""]).map((name) => make("option", {value: name}, name)));
      unit.value = line.unit ?? one?.[2] ?? "";
      return make("tr", {}, make("td", {}, one?.[1] ?? line.sku), make("td", {class: "narrow"}, quantity), make("td", {class: "narrow"}, unit),
        make("td", {class: "last"}, make("button", {type: "button", "aria-label": `${say("remove")}: ${one?.[1] ?? line.sku}`,
          onclick: async () => { lines.splice(place, 1); await save(); drawLines(); }}, "\u00d7")));
    }));
    const add = async (one, unit) => {
      const same = lines.find((line) => line.sku === one[0] && (line.unit ?? one[2]) === (unit ?? one[2]));
      if (same) same.quantity += 1;
      else lines.push({sku: one[0], quantity: 1, unit: unit === one[2] ? null : unit ?? null});
      await save();
      drawLines();
      search.value = "";
      found.replaceChildren();
      search.focus();
    };
    const look = () => {
      const text = search.value.trim().toLocaleLowerCase();
      const parts = text.split(/\s+/).filter(Boolean);
      const hits = text ? snapshot.products.filter((one) => parts.every((part) => `${one[0]} ${one[1]}`.toLocaleLowerCase().includes(part))).slice(0, 8) : [];
      found.replaceChildren(...hits.map((one) => button(`${one[1]} (${one[0]})`, () => add(one))));
    };
    const scan = () => {
      const text = search.value.trim().replace(/^0+/, "");
      for (const one of snapshot.products) {
        const code_ = one[5].find(([gtin]) => gtin.replace(/^0+/, "") === text);
        if (code_) { add(one, code_[1]); return true; }
        if (one[0].toLocaleLowerCase() === text.toLocaleLowerCase()) { add(one); return true; }
      }
      return false;
    };
    search.addEventListener("input", look);
    search.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      if (!scan()) found.querySelector("button")?.click();
    });
    drawLines();
    const entry = () => ({kind: "ordered", outlet: code, lines, payment: payment.value, visit: openVisit(code)?.uuid ?? null});
    const ask = async () => {
      price.textContent = say("sending");
      try {
        const body = JSON.stringify({id: fieldStore.newId(), at: Date.now(), ...entry()});
        const answer = await fieldSync.ask("/field/price", {method: "POST", headers: {"Content-Type": "application/json"}, body});
        const told = await fieldSync.read(answer);
        price.textContent = answer.ok ? [`${say("total")} ${told.total}`, told.status, ...told.reasons].join(" · ") : told.text;
        if (answer.ok) await save({at: Date.now(), total: told.total});
      } catch (error) {
        if (!(error instanceof fieldSync.Stop)) throw error;
        price.textContent = draft.price ? `${say("price_of", {at: dayAndClock(draft.price.at)})} ${draft.price.total}` : say("no_price");
      }
    };
    return [make("h1", {}, `${say("new_order")}: ${outlet(code)?.name ?? code}`),
      labelled(say("own"), search), found, table, labelled(say("payment"), payment), price,
      make("div", {class: "actions"},
        button(say("price"), async () => { if (lines.length) await ask(); }),
        button(say("place_order"), async () => {
          if (!lines.length) { price.textContent = say("no_rows"); search.focus(); return; }
          await keep(entry(), {drops: "draft:" + code});
          location.hash = "#/outlet/" + encodeURIComponent(code);
        }, "main"))].flat();
  };

  const queueView = () => {
    const open = rows.filter((row) => row.state !== "done");
    const waiting = open.filter((row) => row.state === "waiting");
    return [
      make("h1", {}, say("queue")),
      make("p", {}, waiting.length ? say("oldest", {count: waiting.length, at: dayAndClock(waiting[0].entry.at)}) : say("queue_empty")),
      make("div", {class: "actions"},
        button(say("send"), async () => { fieldSync.soon(); }),
        make("form", {method: "post", action: "/sign-out", onsubmit: (event) => {
          if (!rows.some((row) => row.state !== "done")) return;
          event.preventDefault();
          banner.textContent = say("sign_out_waits");
          banner.hidden = false;
        }}, make("button", {}, say("sign_out")))),
      ...open.map(entryCard),
      ...rows.filter((row) => row.state === "done").reverse().slice(0, 30).map(entryCard),
    ];
  };

  // --- the frame around the views ------------------------------------------------------------------

  const load = async () => {
    rows = await fieldStore.all();
    snapshot = (await fieldStore.kept("snapshot")) ?? snapshot;
    toldAt = (await fieldStore.kept("told_at")) ?? 0;
    // What the hub told before midnight is no word about today: the day of then and its visits are over.
    if (toldAt < midnight()) snapshot = {...snapshot, begun: null, ended: null, visits: []};
    status();
  };

  const status = () => {
    const waiting = rows.filter((row) => row.state === "waiting").length;
    const refused = rows.filter((row) => row.state === "refused").length;
    const badge = document.getElementById("queue");
    badge.textContent = String(waiting + refused);
    badge.className = "badge " + (refused ? "bad" : waiting ? "wait" : "");
    badge.setAttribute("aria-label", `${say("queue")}: ${say("rows_of", {waiting, refused})}`);
    document.getElementById("who").textContent = fieldStore.user() ?? "";
    const {line, said} = fieldSync.state();
    const text = !line ? (waiting ? say("no_line", {count: waiting}) : say("no_line_none")) : {sign_in: say("sign_in"), forbidden: say("forbidden"), wrong_user: say("wrong_user", {user: fieldStore.user()})}[said] ?? "";
    banner.hidden = !text;
    banner.className = said === "wrong_user" ? "bad" : "";
    banner.replaceChildren(said && line ? make("a", {href: "/sign-in?next=%2Ffield"}, text) : text);
  };

  const decoded = (text) => { try { return decodeURIComponent(text); } catch { return text; } };
  const draw = async () => {
    const turn = ++shown;
    const [, name = "", code = ""] = location.hash.split("/").map(decoded);
    const drawn = name === "order" ? orderView(code, (await fieldStore.kept("draft:" + code)) ?? {lines: []})
      : name === "collect" ? collectView(code, await fieldStore.kept("money:" + code))
      : ({all: allView, outlet: outletView, queue: queueView, note: noteView}[name] ?? todayView)(code);
    if (turn !== shown) return;
    view.replaceChildren(...drawn.flat().filter(Boolean));
    for (const link of document.querySelectorAll("nav > a")) {
      if (link.dataset.nav === name) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
  };

  const isTyping = () => view.contains(document.activeElement) && /^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName);

  const begin = async () => {
    const last = fieldStore.last();
    try {
      if (last) await fieldStore.open(last);
      else await fieldSync.meet();
    } catch (error) {
      if (!(error instanceof fieldSync.Stop)) throw error;
      status();
      view.replaceChildren(make("p", {}, say("sign_in")));
      setTimeout(begin, 5_000);
      return;
    }
    await load();
    await draw();
    // What is typed is never drawn over; it is drawn again once the person goes on.
    fieldSync.hear(async () => { await load(); if (!isTyping() && !/^#\/(order|note|collect)/.test(location.hash)) await draw(); });
    fieldSync.soon();
  };

  addEventListener("hashchange", async () => { await load(); await draw(); view.focus(); scrollTo(0, 0); });
  navigator.serviceWorker?.register("/field/worker.js", {scope: "/field"}).catch(() => {});
  begin();
})();
