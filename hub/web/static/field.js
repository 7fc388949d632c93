// The views of the phone's page: today's way, an outlet, an order, and what waits for the hub.
(() => {
  const {words, say, money, clock, dayAndClock, day, dayOn, make, labelled, options, button, goTo, goBack, findProducts, photoField} = fieldParts;
  const view = document.getElementById("view");
  const banner = document.getElementById("banner");
  let snapshot = {outlets: [], products: [], visits: [], begun: null, ended: null, day: ""};
  let rows = [];
  let known = new Map();
  let toldAt = 0;
  let short = false;
  let photos = [];
  let photosOf = new Map();
  let shown = 0;
  let drawnHash = null;
  let spoken = "";
  // What is told once the next view is there: that what was done in this one is done.
  let told = "";
  let month = null;
  let isGood = false;

  // --- what is known: the hub's snapshot, and over it all that the phone has kept since ------------

  // Outlets that the phone adds are there at once; the hub's own word about one counts when it comes.
  const added = () => rows.filter((row) => row.entry.kind === "outlet_added" && !snapshot.joined?.[fieldStore.codeOfNew(row.id)] && !snapshot.outlets.some((one) => one.code === fieldStore.codeOfNew(row.id)))
    .map((row) => ({phone: "", contact: "", address: "", city: "", pin: "", hours: "", ...row.entry.fields, code: fieldStore.codeOfNew(row.id),
      latitude: null, longitude: null, status: "active", pending: true, credit_state: "cash_only", credit_limit: 0, owed: 0, place: null}));
  // What was changed on the phone since the hub told is shown; a place is the hub's to say.
  const know = () => {
    known = new Map([...snapshot.outlets, ...added()].map((one) => [one.code, one]));
    for (const {entry, state} of rows) {
      if (entry.kind !== "outlet_changed" || state === "refused" || entry.at < (toldAt ?? 0) || !outlet(entry.outlet)) continue;
      const wanted = Object.entries(entry.changes).filter(([name]) => name !== "place").map(([name, change]) => [name, change.wanted]);
      known.set(real(entry.outlet), {...outlet(entry.outlet), ...Object.fromEntries(wanted)});
    }
  };
  // An outlet that two found is one: what was kept for the one that is gone is of the other.
  const real = (code) => snapshot.joined?.[code] ?? code;
  const outlets = () => [...known.values()];
  const outlet = (code) => known.get(real(code));
  const tasks = () => {
    const done = new Set(rows.filter((row) => row.entry.kind === "task_done" && row.state !== "refused").map((row) => row.entry.task));
    return (snapshot.tasks ?? []).filter((one) => !done.has(one.uuid));
  };
  const midnight = () => new Date().setHours(0, 0, 0, 0);
  const today = () => rows.filter((row) => row.entry.at >= midnight() && row.state !== "refused");
  const visitsOf = (code) => {
    const own = today().filter((row) => row.entry.kind === "visit_begun" && real(row.entry.outlet) === code)
      .map((row) => ({uuid: row.id, outlet: code, begun_at: row.entry.at, ended_at: null}));
    const known = snapshot.visits.filter((one) => one.outlet === code && !own.some((row) => row.uuid === one.uuid));
    const ends = new Map(today().filter((row) => row.entry.kind === "visit_ended").map((row) => [row.entry.visit, row.entry.at]));
    return [...known, ...own].map((one) => ({...one, ended_at: one.ended_at ?? ends.get(one.uuid) ?? null}));
  };
  const openVisit = (code) => visitsOf(code).find((one) => one.ended_at === null);
  const visitOf = (code, mended) => mended?.entry.visit ?? openVisit(code)?.uuid ?? null;
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
      speak(say("not_kept"));
      throw error;
    }
    spoken = "";
    fieldSync.soon();
    await load();
    return id;
  };
  // What is typed is kept as it is typed. Where the phone has no room for it, the person hears so once.
  const keepDraft = async (name, value) => {
    try {
      await fieldStore.keep(name, value);
    } catch {
      if (spoken !== say("not_kept")) speak(say("not_kept"));
    }
  };
  // What was done is shown where it was pressed: whoever has gone on meanwhile may be typing.
  const thenDraw = (work) => async () => {
    const {hash} = location;
    await work();
    if (location.hash === hash) await draw();
  };
  const ifSure = (work) => async () => { if (confirm(say("discard_sure"))) await thenDraw(work)(); };
  // What the views of other files work with.
  const page = {
    outlet, outlets, openVisit, tasks, keep, keepDraft, whereAmI,
    products: () => snapshot.products,
    rows: () => rows,
    notes: () => snapshot.notes ?? [],
    refused: (id) => refusedRow(id),
    owners: () => snapshot.owners ?? [],
    surveys: () => snapshot.surveys ?? [],
    leaves: () => snapshot.leaves ?? [],
    day: () => snapshot.day,
    deciding: () => snapshot.deciding ?? {},
    beyond: () => snapshot.beyond ?? 0,
    notices: () => snapshot.notices ?? {},
    toldAt: () => toldAt,
    line: () => fieldSync.state().line && navigator.onLine,
    goTelling: (hash, text) => { told = text; return goTo(hash); },
    redraw: async () => { await load(); await renew(); },
  };

  // --- views ---------------------------------------------------------------------------------------

  const stateOf = (row) => ({waiting: say("waiting"), refused: say("refused"), done: say("kept")})[row.state];
  const MENDED = {ordered: "order", collected: "collect", outlet_changed: "edit", brought: "bring"};
  const PAPERS = {collected: say("receipt"), brought: words.brought.proof_paper};
  // The end of a visit names no outlet: it is that of its beginning, on this phone or another.
  const outletOf = ({outlet: code, visit}) => code ?? rows.find((row) => row.id === visit)?.entry.outlet ?? snapshot.visits.find((one) => one.uuid === visit)?.outlet;
  const entryCard = (row) => {
    const {entry} = row;
    const told = row.told ?? {};
    const code = outletOf(entry);
    const about = code ? (outlet(code)?.name ?? code) : row.shown?.customer ?? "";
    const said = fieldCards.said(page, entry);
    return make("article", {class: "card " + row.state, "data-state": row.state},
      make("div", {class: "side"},
        make("strong", {}, [words.kinds[entry.kind], about].filter(Boolean).join(": ")),
        make("span", {class: row.state === "refused" ? "bad" : row.state === "done" ? "good" : "faint"}, stateOf(row))),
      make("p", {class: "faint"}, dayAndClock(entry.at)),
      said ? make("p", {}, said) : null,
      entry.text ? make("p", {}, entry.text) : null,
      photosOf.get(row.id) ? make("p", {class: "faint"}, say("photos_wait", {count: photosOf.get(row.id)})) : null,
      entry.kind === "brought" ? make("p", {}, [row.shown.number, entry.receiver, words.ends[entry.outcome] ?? told.status_words].filter(Boolean).join(" · ")) : null,
      told.number ? make("p", {}, [told.number, told.status_words, told.total].filter(Boolean).join(" · ")) : null,
      told.total && row.shown && row.shown.total !== told.total ? make("p", {class: "wait"}, say("price_other", {total: row.shown.total, at: dayAndClock(row.shown.at)})) : null,
      told.paper ? make("p", {}, make("a", {class: "button", href: told.paper}, PAPERS[entry.kind] ?? say("paper"))) : null,
      row.words ? make("p", {class: row.state === "refused" ? "bad" : ""}, row.words) : null,
      row.state === "refused" ? make("div", {class: "actions"},
        ...fieldOutlets.answers(page, row),
        MENDED[entry.kind] ? button(say("mend"), () => { location.hash = ["#", MENDED[entry.kind], encodeURIComponent(entry.outlet ?? entry.delivery), row.id].join("/"); }, "main") : null,
        told.status === "rejected" || told.code === "field_crossed" || told.duplicates?.length ? null : button(say("retry"), thenDraw(async () => { await fieldStore.change(row.id, {state: "waiting", words: ""}); fieldSync.soon(); await load(); })),
        button(say("discard"), ifSure(async () => { await fieldStore.remove(row.id); await load(); }))) : null);
  };

  const outletCard = (one) => {
    const visits = visitsOf(one.code);
    const missed = visits.length ? "" : words.missed[missedOf(one.code)] ?? "";
    const state = visits.some((visit) => visit.ended_at === null) ? say("begun") : visits.length ? say("visited") : missed;
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

  const taskCard = (one) => make("a", {class: "card", href: "#/task/" + one.uuid},
    make("div", {class: "side"}, make("strong", {}, one.outlet_name),
      make("span", {class: one.due < snapshot.day ? "bad" : "faint"}, say("due", {day: day(one.due)}))),
    make("p", {}, one.text));

  const missedOf = (code) => today().findLast((row) => row.entry.kind === "visit_missed" && real(row.entry.outlet) === code)?.entry.reason;

  // Visits of days gone by that nobody ended: those that the hub closed, and those that it does not know yet.
  const unended = () => {
    const ended = new Set(rows.filter((row) => row.entry.kind === "visit_ended").map((row) => row.entry.visit));
    const own = rows.filter(({id, entry, state}) => entry.kind === "visit_begun" && entry.at < midnight() && !ended.has(id) && state === "waiting")
      .map(({entry}) => ({name: outlet(entry.outlet)?.name ?? entry.outlet, begun_at: entry.at}));
    return [...own, ...(snapshot.unended ?? []).filter((one) => !ended.has(one.uuid))];
  };

  const figure = (one, whole) => (whole ? `${one} / ${whole} (${Math.round(100 * one / whole)}%)` : String(one));
  const figuresCard = (one) => make("div", {class: "card", "data-figures": true}, make("dl", {},
    [["fig_kept", figure(one.kept, one.planned)], ["fig_verified", figure(one.verified, one.made)], ["fig_covered", figure(one.covered, one.on_beats)], ["fig_strike_made", figure(one.productive, one.made)], ["fig_strike_planned", figure(one.planned_productive, one.planned)], ["fig_days", figure(one.days, one.working)]]
      .flatMap(([name, text]) => [make("dt", {}, say(name)), make("dd", {}, text)])));

  const todayView = () => {
    // Who brings goods and visits nobody has no way, and no day in the field.
    if (snapshot.walks === false) return fieldBringing.list(page);
    const stops = outlets().filter((one) => one.place !== null).sort((one, other) => one.place - other.place);
    const {begun, ended} = dayOf();
    const visited = stops.filter((one) => visitsOf(one.code).length).length;
    return [
      make("h1", {}, say("today")),
      make("div", {class: "side"},
        make("p", {}, begun ? (ended ? say("day_over", {begun: clock(begun), ended: clock(ended)}) : say("day", {at: clock(begun)})) : ""),
        begun && !ended ? button(say("end_day"), thenDraw(async () => keep({kind: "day_ended", place: await whereAmI()})))
          : snapshot.selfie && !begun ? make("a", {class: "button" + " main", href: "#/begin"}, say("begin_day"))
          : button(say("begin_day"), thenDraw(async () => keep({kind: "day_begun", place: await whereAmI()})), begun ? "" : "main")),
      fieldDeciding.count(page) ? make("a", {class: "card", "data-ask": true, href: "#/deciding"}, make("strong", {}, say("decide_count", {count: fieldDeciding.count(page)}))) : null,
      fieldBringing.open(page).length ? make("a", {class: "card", "data-notes": true, href: "#/bringing"}, make("strong", {}, say("bring_count", {count: fieldBringing.open(page).length}))) : null,
      ...unended().map((one) => make("p", {class: "wait"}, say("unended", {outlet: one.name, at: dayAndClock(one.begun_at)}))),
      typeof snapshot.rest === "string" ? make("p", {class: "wait"}, snapshot.rest ? say("rest_named", {name: snapshot.rest}) : say("rest")) : null,
      make("p", {}, stops.length ? say("of_planned", {visited, planned: stops.length}) : say("no_route")),
      wayDrawing(stops),
      ...stops.map(outletCard),
      tasks().length ? make("h2", {}, say("tasks")) : null,
      ...tasks().map(taskCard),
      make("div", {class: "actions"},
        make("a", {class: "button", href: "#/all"}, say("all")),
        make("a", {class: "button", href: "#/new"}, say("new_outlet")),
        make("a", {class: "button", href: "#/leave"}, say("leave")),
        snapshot.looks_on ? make("a", {class: "button", href: "/field/team"}, words.pages.team) : null),
      ...(month?.figures ? [make("h2", {}, say("figures")), make("p", {class: "faint"}, say("target_as_of", {at: dayAndClock(month.at)})), figuresCard(month.figures)] : []),
      ...(snapshot.targets?.length ? [make("h2", {}, say("targets")), make("p", {class: "faint"}, say("target_as_of", {at: dayAndClock(toldAt)})), ...snapshot.targets.map(targetCard)] : []),
    ];
  };

  const allView = () => {
    const list = make("div", {});
    const search = make("input", {type: "search", autocomplete: "off"});
    const fillList = () => {
      const text = search.value.trim().toLocaleLowerCase();
      const found = outlets().filter((one) => !text || [one.name, one.code, one.phone, one.city].some((value) => value.toLocaleLowerCase().includes(text)));
      list.replaceChildren(...(found.length ? found.slice(0, 100).map(outletCard) : [make("p", {}, say("no_outlets"))]));
    };
    search.addEventListener("input", fillList);
    fillList();
    return [make("h1", {}, say("all")), labelled(say("find"), search), list,
      make("div", {class: "actions"}, make("a", {class: "button", href: "#/new"}, say("new_outlet")))].flat();
  };

  const outletView = (code) => {
    const one = outlet(code);
    const open = openVisit(code);
    const address = encodeURIComponent(code);
    const of = today().filter((row) => real(row.entry.outlet) === code || visitsOf(code).some((visit) => visit.uuid === row.entry.visit)).reverse();
    const refused = rows.filter((row) => row.state === "refused" && real(row.entry.outlet) === code);
    return [
      make("h1", {}, one.name),
      make("p", {class: "faint"}, [one.address, one.city].filter(Boolean).join(", ")),
      one.pending ? make("p", {class: "wait"}, say("pending")) : null,
      one.contact || one.hours ? make("p", {}, [one.contact, one.hours].filter(Boolean).join(" · ")) : null,
      one.outlet_class ? make("p", {class: "faint"}, `${words.customer.outlet_class}: ${one.outlet_class.toUpperCase()}`) : null,
      one.phone ? make("p", {}, make("a", {class: "button", href: "tel:" + one.phone}, `${say("call")} ${one.phone}`)) : null,
      make("dl", {}, make("dt", {}, say("balance")), make("dd", {}, money(one.owed)),
        one.credit_state === "amount" ? [make("dt", {}, say("limit")), make("dd", {}, money(one.credit_limit))] : null),
      one.status === "active" ? null : make("p", {class: "bad"}, say("closed")),
      open ? endForm(code, open) : make("div", {class: "actions"}, button(say("begin_visit"), thenDraw(async () => {
        const at = Date.now();
        await keep({kind: "visit_begun", outlet: code, place: await whereAmI(), at});
      }), "main")),
      make("div", {class: "actions"},
        make("a", {class: "button", href: "#/order/" + address}, say("new_order")),
        make("a", {class: "button", href: "#/collect/" + address}, say("collect")),
        make("a", {class: "button", href: "#/note/" + address}, say("note")),
        make("a", {class: "button", href: "#/return/" + address}, say("give_back")),
        one.pending ? null : make("a", {class: "button", href: "#/edit/" + address}, say("edit_outlet")),
        ...(snapshot.surveys ?? []).filter((survey) => survey.outlets === null || survey.outlets.includes(code))
          .map((survey) => make("a", {class: "button", href: "#/survey/" + address + "/" + encodeURIComponent(survey.code)}, survey.title)),
        open || visitsOf(code).length ? null : make("a", {class: "button", href: "#/missed/" + address}, say("not_visited"))),
      ...tasks().filter((task) => task.outlet === code).map(taskCard),
      ...[...refused, ...of].map(entryCard),
    ];
  };

  const endForm = (code, open) => {
    const outcome = make("select", {}, options("outcomes", say("outcome")));
    const why = make("input", {maxlength: 500});
    if (today().some((row) => row.entry.kind === "ordered" && row.entry.visit === open.uuid)) outcome.value = "order";
    return make("section", {class: "card"},
      make("p", {}, say("day", {at: clock(open.begun_at)})),
      photoField({entry: open.uuid}),
      labelled(say("outcome"), outcome), labelled(say("why"), why),
      make("div", {class: "actions"}, button(say("end_visit"), async () => {
        if (!outcome.value) { outcome.focus(); return; }
        await thenDraw(() => keep({kind: "visit_ended", visit: open.uuid, outcome: outcome.value, why: why.value.trim()}))();
      }, "main")));
  };

  // What is refused stays until what is kept instead of it is there; `mended` is such a row.
  const collectView = (code, mended) => {
    const fields = mended?.entry.fields ?? {};
    const amount = make("input", {inputmode: "decimal", autocomplete: "off", value: fields.amount ?? ""});
    const mode = make("select", {}, options("modes"));
    mode.value = fields.mode ?? "cash";
    const reference = make("input", {maxlength: 64, autocomplete: "off", value: fields.reference ?? ""});
    return [make("h1", {}, `${say("collect")}: ${outlet(code)?.name ?? code}`),
      make("p", {}, `${say("balance")} ${money(outlet(code)?.owed ?? 0)}`),
      labelled(say("amount"), amount), labelled(say("money"), mode), labelled(say("reference"), reference),
      make("div", {class: "actions"}, button(say("save"), async () => {
        const plain = fieldParts.amount(amount.value);
        if (plain === null) { amount.focus(); amount.select(); return; }
        if (mode.value !== "cash" && !reference.value.trim()) { reference.focus(); return; }
        await keep({kind: "collected", outlet: code, visit: visitOf(code, mended),
          fields: {amount: plain, mode: mode.value, reference: reference.value.trim()}}, {instead: mended?.id});
        return goBack();
      }, "main"))].flat();
  };

  const orderView = async (code, mended) => {
    const name = mended ? "mend:" + mended.id : "draft:" + code;
    const draft = (await fieldStore.kept(name)) ?? {lines: [], ...mended?.entry};
    let told = draft.price;
    const lines = draft.lines.map((line) => ({...line}));
    const products = new Map(snapshot.products.map((one) => [one[0], one]));
    const table = make("table", {});
    const found = make("div", {});
    const lastPrice = (none) => told ? `${say("price_of", {at: dayAndClock(told.at)})} ${told.total}` : none;
    const price = make("p", {role: "status"}, lastPrice(""));
    const near = make("ul", {class: "good"});
    const payment = make("select", {onchange: () => save()}, options("payments"));
    payment.value = draft.payment ?? (outlet(code)?.credit_state === "cash_only" ? "cash" : "credit");
    const deliverOn = make("input", {type: "date", min: snapshot.day, onchange: () => save()});
    deliverOn.value = draft.delivery_date ?? "";
    const delivery = () => (deliverOn.value ? {delivery_date: deliverOn.value} : {});
    const search = make("input", {id: "add", type: "search", autocomplete: "off", enterkeyhint: "search"});
    // Once the order is placed there is no draft of it: a price that comes late must not make one.
    let isPlaced = false;
    const keepLines = async () => { if (!isPlaced) await keepDraft(name, {lines, payment: payment.value, price: told, ...delivery()}); };
    // A price is that of the lines it was told for: with another line there is none.
    const save = () => { told = null; price.textContent = ""; near.replaceChildren(); return keepLines(); };
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
          onclick: () => { lines.splice(place, 1); drawLines(); return save(); }}, "\u00d7")));
    }));
    // The field is ready at once: what a scanner types next would be wiped while this is kept.
    const add = (one, unit) => {
      const same = lines.find((line) => line.sku === one[0] && (line.unit ?? one[2]) === (unit ?? one[2]));
      if (same) same.quantity += 1;
      else lines.push({sku: one[0], quantity: 1, unit: unit === one[2] ? null : unit ?? null});
      drawLines();
      search.value = "";
      found.replaceChildren();
      search.focus();
      return save();
    };
    const look = () => found.replaceChildren(...fieldParts.offer(search.value, findProducts(snapshot.products, search.value), add));
    const scan = () => {
      const [one, unit] = fieldParts.findExact(snapshot.products, search.value) ?? [];
      if (one) add(one, unit);
      return Boolean(one);
    };
    // A camera's code comes from outside of this view, as long as the view is shown.
    const hear = ({detail}) => {
      if (!search.isConnected) { document.removeEventListener("scanned", hear); return; }
      search.value = detail;
      if (!scan()) look();
    };
    document.addEventListener("scanned", hear);
    const quick = fieldGoods.quick(snapshot.past?.[code], products, snapshot.products, async (rows) => {
      for (const {sku, quantity, unit} of rows) {
        const same = lines.find((line) => line.sku === sku && (line.unit ?? null) === unit);
        if (same) same.quantity += quantity;
        else lines.push({sku, quantity, unit});
      }
      drawLines();
      await save();
    });
    search.addEventListener("input", look);
    search.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      if (!scan()) found.querySelector("button")?.click();
    });
    drawLines();
    const entry = () => ({kind: "ordered", outlet: code, lines, payment: payment.value, visit: visitOf(code, mended), ...delivery()});
    const ask = async () => {
      const wanted = () => JSON.stringify([lines, payment.value, deliverOn.value]);
      const asked = wanted();
      price.textContent = say("sending");
      try {
        const body = JSON.stringify({id: fieldStore.newId(), at: Date.now(), ...entry()});
        const answer = await fieldSync.ask("/field/price", {method: "POST", headers: {"Content-Type": "application/json"}, body});
        const said = await fieldSync.read(answer);
        if (asked !== wanted()) return;
        price.textContent = answer.ok ? [`${say("total")} ${said.total}`, said.status, ...said.reasons].join(" · ") : said.text;
        near.replaceChildren(...(answer.ok ? said.near ?? [] : []).map((text) => make("li", {}, text)));
        if (answer.ok) { told = {at: Date.now(), total: said.total}; await keepLines(); }
      } catch (error) {
        if (!(error instanceof fieldSync.Stop)) throw error;
        if (asked === wanted()) price.textContent = lastPrice(say("no_price"));
      }
    };
    return [make("h1", {}, `${say("new_order")}: ${outlet(code)?.name ?? code}`),
      labelled(say("own"), search), found, fieldGoods.scanner(), quick, table, labelled(say("payment"), payment), labelled(say("wanted_on"), deliverOn), price, near,
      make("div", {class: "actions"},
        button(say("price"), async () => { if (lines.length) await ask(); }),
        button(say("place_order"), async () => {
          if (!lines.length) { price.textContent = say("no_rows"); search.focus(); return; }
          isPlaced = true;
          try {
            await keep(entry(), {drops: name, instead: mended?.id, shown: told ?? null});
          } catch (error) {
            isPlaced = false;
            throw error;
          }
          return goTo("#/outlet/" + encodeURIComponent(code));
        }, "main"))].flat();
  };

  const photosWaiting = () => photos.filter((one) => one.state === "waiting");
  const photoCard = (one) => {
    const card = make("article", {class: "card " + one.state, "data-state": one.state},
      make("div", {class: "side"}, make("strong", {}, say("photo")), make("span", {class: "bad"}, say("refused"))),
      make("p", {class: "bad"}, one.words),
      make("div", {class: "actions"},
        button(say("retry"), thenDraw(async () => { await fieldStore.changePhoto(one.id, {state: "waiting", words: ""}); fieldSync.soon(); await load(); })),
        button(say("discard"), ifSure(async () => { await fieldStore.removePhoto(one.id); await load(); }))));
    fieldPhotos.draw(one).then((picture) => card.append(picture));
    return card;
  };

  const queueView = () => {
    const open = rows.filter((row) => row.state !== "done");
    const refusedPhotos = photos.filter((one) => one.state === "refused");
    const waiting = open.filter((row) => row.state === "waiting");
    return [
      make("h1", {}, say("queue")),
      make("p", {}, waiting.length ? say("oldest", {count: waiting.length, at: dayAndClock(waiting[0].entry.at)}) : say("queue_empty")),
      make("div", {class: "actions"},
        button(say("send"), async () => { fieldSync.soon(); }),
        make("a", {class: "button", href: "/"}, words.pages.home),
        make("form", {method: "post", action: "/sign-out", onsubmit: (event) => {
          if (!rows.some((row) => row.state !== "done") && !photos.some((one) => one.state !== "draft")) { fieldStore.leave(); return; }
          event.preventDefault();
          speak(say("sign_out_waits"));
        }}, make("button", {}, say("sign_out")))),
      photosWaiting().length ? make("p", {}, say("photos_wait", {count: photosWaiting().length})) : null,
      ...open.map(entryCard),
      ...refusedPhotos.map(photoCard),
      ...rows.filter((row) => row.state === "done").reverse().slice(0, 30).map(entryCard),
    ];
  };

  // --- the frame around the views ------------------------------------------------------------------

  const load = async () => {
    rows = await fieldStore.all();
    photos = await fieldStore.photos();
    photosOf = photos.reduce((counts, one) => counts.set(one.entry, (counts.get(one.entry) ?? 0) + 1), new Map());
    short = await fieldPhotos.isShort();
    toldAt = (await fieldStore.kept("told_at")) ?? 0;
    month = await fieldStore.kept("figures");
    snapshot = (await fieldStore.kept("snapshot")) ?? snapshot;
    // What the hub told before midnight is no word about today: the day of then and its visits are over.
    // The way of today is what was planned then for today; of a day further ahead the hub told none.
    const isOver = toldAt < midnight();
    const way = new Map((snapshot.ways?.[isOver ? dayOn(new Date()) : snapshot.day] ?? []).map((code, at) => [code, at + 1]));
    const after = (one) => one.place ?? way.size + 1;
    const placed = snapshot.outlets.map((one) => ({...one, place: way.get(one.code) ?? null})).sort((one, other) => after(one) - after(other));
    snapshot = {...snapshot, outlets: placed, ...(isOver ? {begun: null, ended: null, visits: [], rest: null} : {})};
    know();
    status();
  };

  const status = () => {
    const waiting = rows.filter((row) => row.state === "waiting").length;
    const refused = rows.filter((row) => row.state === "refused").length;
    const sending = waiting + photosWaiting().length;
    const badge = document.getElementById("queue");
    const unsent = photosWaiting().length + photos.filter((one) => one.state === "refused").length;
    badge.textContent = String(waiting + refused + unsent);
    badge.className = "badge " + (refused ? "bad" : waiting + unsent ? "wait" : "");
    badge.setAttribute("aria-label", `${say("queue")}: ${say("rows_of", {waiting, refused})}`);
    document.getElementById("who").textContent = fieldStore.user() ?? "";
    const unread = snapshot.notices?.unread ?? 0;
    const bell = document.getElementById("bell");
    bell.textContent = ["✉", unread].join(" ");
    bell.hidden = !(snapshot.notices?.rows ?? []).length;
    bell.className = "badge " + (unread ? "wait" : "");
    bell.setAttribute("aria-label", `${say("notices")}: ${unread}`);
    const {line, said} = fieldSync.state();
    const text = spoken || (!line ? (sending ? say("no_line", {count: sending}) : say("no_line_none")) : {sign_in: say("sign_in"), forbidden: say("forbidden"), wrong_user: say("wrong_user", {user: fieldStore.user()})}[said]
      ?? (fieldStore.wasCleared() ? say("cleared") : short ? say("photo_room") : ""));
    banner.hidden = !text;
    banner.className = spoken && isGood ? "good" : spoken || said === "wrong_user" || (!said && line && text) ? "bad" : "";
    banner.replaceChildren(said && line && !spoken ? make("a", {href: "/sign-in?next=%2Ffield"}, text) : text);
  };

  // What is told to the person stands until the person goes on, whatever the line does meanwhile.
  const speak = (text, good = false) => {
    spoken = text;
    isGood = good;
    status();
    scrollTo(0, 0);
  };

  const OF_OUTLET = ["outlet", "order", "collect", "note", "return", "edit", "missed", "survey"];
  const {notices, deciding, decide} = fieldDeciding;
  const SEEN = {...fieldSeen, notices, deciding, decide, bringing: fieldBringing.list, bring: fieldBringing.form, new: fieldOutlets.newView, edit: fieldOutlets.editView};
  const unknownView = (code) => [make("h1", {}, code), make("p", {}, say("unknown_outlet")), make("p", {}, make("a", {class: "button", href: "#/all"}, say("all")))];

  const refusedRow = (id) => rows.find((row) => row.id === id && row.state === "refused");
  const decoded = (text) => { try { return decodeURIComponent(text); } catch { return text; } };
  const draw = async () => {
    const turn = ++shown;
    const {hash} = location;
    const [, name = "", named = "", more = ""] = hash.split("/").map(decoded);
    const code = OF_OUTLET.includes(name) ? real(named) : named;
    const drawn = OF_OUTLET.includes(name) && !outlet(code) ? unknownView(code)
      : SEEN[name] ? await SEEN[name](page, code, more)
      : name === "order" ? await orderView(code, refusedRow(more))
      : name === "collect" ? collectView(code, refusedRow(more))
      : ({all: allView, outlet: outletView, queue: queueView}[name] ?? todayView)(code);
    if (turn !== shown) return;
    view.replaceChildren(...drawn.flat().filter(Boolean));
    drawnHash = hash;
    isTouched = false;
    for (const link of document.querySelectorAll("nav > a")) {
      link.hidden = link.dataset.nav === "all" && snapshot.walks === false;
      if (link.dataset.nav === name) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
  };

  // Views in which somebody may be typing; what waits for a word is drawn anew once that word is said.
  const FORMS = /^#\/(order|note|collect|return|new|edit|missed|task|leave|survey|begin|bring\/|decide\/)/;
  const isTyping = () => view.contains(document.activeElement) && /^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName);

  // What is typed or chosen is never drawn over; it is drawn again once the person goes on. A view that is
  // gone to is drawn by the going alone: drawn before, it would be drawn over in a moment.
  let isTouched = false;
  view.addEventListener("input", ({target}) => { isTouched ||= target.type !== "file"; });
  const mayDraw = () => location.hash === drawnHash && !isTouched && !isTyping() && (!FORMS.test(drawnHash) || !["input", "select", "textarea"].some((one) => view.querySelector(one)));

  // A tap is a press and its release, on the same button: what is told in between is drawn after it.
  // A touch clicks some time after it has ended.
  const TAP_MS = 400;
  let isPressed = false;
  let isBehind = false;
  let releasing;
  const renew = async () => {
    isBehind = isPressed;
    if (!isPressed && mayDraw()) await draw();
  };
  const release = () => {
    isPressed = false;
    if (isBehind) renew();
  };
  addEventListener("pointerdown", () => { clearTimeout(releasing); isPressed = true; }, true);
  for (const end of ["pointerup", "pointercancel"]) addEventListener(end, () => { releasing = setTimeout(release, TAP_MS); }, true);
  addEventListener("click", release);

  let goings = 0;
  let markOpen;
  const isOpen = new Promise((resolve) => { markOpen = resolve; });
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
    markOpen();
    await load();
    if (goings === 0) await draw();
    fieldSync.hear(async () => { await load(); fieldDeciding.follow(page); await renew(); });
    fieldSync.soon();
  };

  addEventListener("hashchange", async () => {
    [spoken, isGood, told] = [told, Boolean(told), ""];
    const turn = ++goings;
    await isOpen;
    await load();
    if (turn !== goings) return;
    await draw();
    // Whoever has gone on while this view was made is at another, and may be typing there.
    if (turn !== goings) return;
    view.focus();
    scrollTo(0, 0);
  });
  navigator.serviceWorker?.register("/field/worker.js", {scope: "/field"}).catch(() => {});
  begin();
})();
