// The views of what a rep sees and hears: notes, complaints, shelves, prices, tasks, missed visits.
const fieldSeen = (() => {
  const {words, say, make, labelled, options, button, goTo, goBack, lacks, minor, findProducts, findExact, offer, photoField, day, dayOn, noon} = fieldParts;
  const KINDS = {note: "noted", call: "noted", complaint: "complained", stock_seen: "stock_seen", competitor_price: "price_seen"};
  const DUE_DAYS = 3;

  const inDays = (iso, days) => {
    const when = iso ? noon(iso) : new Date();
    when.setDate(when.getDate() + days);
    return dayOn(when);
  };

  // Rows of a shelf: a product is found by a part of its name, its SKU or its code; each has pieces.
  const shelfField = (page, lines, save) => {
    const products = new Map(page.products().map((one) => [one[0], one]));
    const table = make("table", {});
    const found = make("div", {});
    const search = make("input", {type: "search", autocomplete: "off", enterkeyhint: "search"});
    const drawLines = () => table.replaceChildren(...lines.map((line, place) => make("tr", {},
      make("td", {}, products.get(line.sku)?.[1] ?? line.sku),
      make("td", {class: "narrow"}, make("input", {type: "number", min: 0, max: 9999999, inputmode: "numeric", value: line.pieces, "aria-label": `${say("pieces")}: ${products.get(line.sku)?.[1] ?? line.sku}`,
        onchange: (event) => { line.pieces = Math.min(9999999, Math.max(0, Math.floor(Number(event.target.value) || 0))); event.target.value = line.pieces; save(); }})),
      make("td", {class: "last"}, make("button", {type: "button", "aria-label": `${say("remove")}: ${products.get(line.sku)?.[1] ?? line.sku}`,
        onclick: () => { lines.splice(place, 1); drawLines(); return save(); }}, "\u00d7")))));
    // The field of the pieces is there at once: what is typed next is meant for it.
    const add = (one) => {
      if (!lines.some((line) => line.sku === one[0])) lines.push({sku: one[0], pieces: 0});
      drawLines();
      search.value = "";
      found.replaceChildren();
      const pieces = table.querySelector("tr:last-child input");
      pieces.focus();
      pieces.select();
      return save();
    };
    const hits = () => {
      const text = search.value.trim().toLocaleLowerCase();
      if (!text) return [];
      const exact = findExact(page.products(), text)?.[0];
      return exact ? [exact] : findProducts(page.products(), text);
    };
    search.addEventListener("input", () => found.replaceChildren(...offer(search.value, hits(), add)));
    search.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      if (hits().length) add(hits()[0]);
    });
    drawLines();
    return [...labelled(say("own"), search), found, table];
  };

  // The camera may end the page: what was typed so far is kept with each letter.
  const noteView = async (page, code) => {
    const name = "note:" + code;
    const draft = {about: "note", text: "", price: "", due: inDays(page.day(), DUE_DAYS), owner: "", lines: [], ...await fieldStore.kept(name)};
    const save = () => page.keepDraft(name, draft);
    const bound = (field, control) => {
      control.value = draft[field];
      control.addEventListener("input", () => { draft[field] = control.value; save(); });
      return control;
    };
    const about = bound("about", make("select", {}, options("notes")));
    const text = bound("text", make("textarea", {rows: 4, maxlength: 500}));
    const price = bound("price", make("input", {inputmode: "decimal", autocomplete: "off", maxlength: 16}));
    const due = bound("due", make("input", {type: "date"}));
    const owner = make("select", {}, page.owners().map((one) => make("option", {value: one}, one)));
    if (draft.owner) bound("owner", owner);
    else owner.addEventListener("input", () => { draft.owner = owner.value; save(); });
    const parts = make("div", {});
    const said = make("p", {class: "bad", role: "alert"});
    const drawParts = () => parts.replaceChildren(...[
      about.value === "stock_seen" ? shelfField(page, draft.lines, save) : null,
      labelled(say("text"), text),
      about.value === "competitor_price" ? labelled(say("price_seen"), price) : null,
      about.value === "complaint" ? [labelled(say("due_day"), due), labelled(say("owner"), owner)] : null,
    ].flat(2).filter(Boolean));
    about.addEventListener("change", drawParts);
    drawParts();
    const entry = () => {
      const base = {kind: KINDS[about.value], outlet: code, text: text.value.trim(), visit: page.openVisit(code)?.uuid ?? null};
      if (base.kind === "noted") return {...base, about: about.value};
      if (base.kind === "complained") return {...base, due: due.value, owner: owner.value || null};
      if (base.kind === "price_seen") return {...base, price: minor(price.value)};
      return {...base, lines: draft.lines};
    };
    return [make("h1", {}, `${say("note")}: ${page.outlet(code)?.name ?? code}`),
      labelled(say("note"), about), parts, photoField({draft: name}), said,
      make("div", {class: "actions"}, button(say("save"), async () => {
        if (about.value === "stock_seen" && !draft.lines.length) { said.textContent = say("no_rows"); return; }
        if (about.value !== "stock_seen" && lacks(text)) return;
        if (about.value === "competitor_price" && minor(price.value) === null) { price.focus(); price.select(); return; }
        if (about.value === "complaint" && lacks(due)) return;
        await page.keep(entry(), {drops: name});
        return goBack();
      }, "main"))].flat();
  };

  // Goods that the outlet gives back: the desk takes them, credits them, and says so.
  const returnView = async (page, code) => {
    const name = "return:" + code;
    const draft = {condition: "", text: "", lines: [], ...await fieldStore.kept(name)};
    const save = () => page.keepDraft(name, draft);
    const condition = make("select", {}, options("conditions", say("choose")));
    condition.value = draft.condition;
    condition.addEventListener("input", () => { draft.condition = condition.value; save(); });
    const text = make("input", {maxlength: 500, autocomplete: "off", value: draft.text});
    text.addEventListener("input", () => { draft.text = text.value; save(); });
    const said = make("p", {class: "bad", role: "alert"});
    return [make("h1", {}, `${say("give_back")}: ${page.outlet(code)?.name ?? code}`), make("p", {class: "faint"}, say("give_back_why")),
      shelfField(page, draft.lines, save), labelled(say("condition"), condition), labelled(say("give_back_reason"), text), photoField({draft: name}), said,
      make("div", {class: "actions"}, button(say("save"), async () => {
        if (!draft.lines.some((one) => one.pieces > 0)) { said.textContent = say("no_rows"); return; }
        if (lacks(condition) || lacks(text)) return;
        await page.keep({kind: "goods_back", outlet: code, lines: draft.lines.filter((one) => one.pieces > 0), condition: condition.value, text: text.value.trim(), visit: page.openVisit(code)?.uuid ?? null}, {drops: name});
        return goBack();
      }, "main"))].flat();
  };

  const taskView = (page, uuid) => {
    const task = page.tasks().find((one) => one.uuid === uuid);
    if (!task) return [make("h1", {}, say("tasks")), make("p", {}, say("task_gone"))];
    const why = make("textarea", {rows: 3, maxlength: 500});
    return [make("h1", {}, task.outlet_name),
      make("p", {class: "faint"}, say("due", {day: day(task.due)})),
      make("p", {}, task.text),
      make("p", {}, make("a", {class: "button", href: "#/outlet/" + encodeURIComponent(task.outlet)}, say("to_outlet"))),
      labelled(say("what_was_done"), why),
      make("div", {class: "actions"}, button(say("task_done"), async () => {
        if (lacks(why)) return;
        await page.keep({kind: "task_done", task: uuid, why: why.value.trim()});
        return goBack();
      }, "main"))].flat();
  };

  const missedView = (page, code) => {
    const reason = make("select", {}, options("missed", say("choose")));
    const text = make("input", {maxlength: 500});
    return [make("h1", {}, `${say("not_visited")}: ${page.outlet(code)?.name ?? code}`),
      labelled(say("reason"), reason), labelled(say("text"), text),
      make("div", {class: "actions"}, button(say("save"), async () => {
        if (lacks(reason)) return;
        await page.keep({kind: "visit_missed", outlet: code, reason: reason.value, text: text.value.trim()});
        return goBack();
      }, "main"))].flat();
  };

  const leaveView = (page) => {
    const when = make("input", {type: "date", value: page.day()});
    const why = make("input", {maxlength: 500});
    return [make("h1", {}, say("leave")),
      page.leaves().length ? make("ul", {}, page.leaves().map(([when, state]) => make("li", {}, `${day(when)}: ${say("leave_" + state)}`))) : [],
      labelled(say("leave_day"), when), labelled(say("why"), why),
      make("div", {class: "actions"}, button(say("save"), async () => {
        if (lacks(when)) return;
        await page.keep({kind: "leave", day: when.value, why: why.value.trim()});
        return goBack();
      }, "main"))].flat();
  };

  // Answers that were given so far are kept with each touch: a shop's owner is called away.
  const surveyView = async (page, code, survey) => {
    const asked = page.surveys().find((one) => one.code === survey);
    if (!asked) return [make("h1", {}, survey), make("p", {}, say("survey_over"))];
    const name = "survey:" + code + ":" + survey;
    const answers = (await fieldStore.kept(name)) ?? {};
    const controls = asked.questions.map(([question, kind, text, choices]) => {
      const control = kind === "choice"
        ? make("select", {}, make("option", {value: ""}, say("choose")), choices.map(([value, said]) => make("option", {value}, said)))
        : kind === "number" ? make("input", {type: "number", inputmode: "numeric", step: 1, min: -999999999, max: 999999999})
        : make("textarea", {rows: 2, maxlength: 500});
      control.value = answers[question] ?? "";
      control.addEventListener("input", () => { answers[question] = control.value.trim(); page.keepDraft(name, answers); });
      return {kind, control, text};
    });
    return [make("h1", {}, `${asked.title}: ${page.outlet(code)?.name ?? code}`),
      ...controls.map(({text, control}) => labelled(text, control)),
      photoField({draft: name}),
      make("div", {class: "actions"}, button(say("save"), async () => {
        if (controls.some(({kind, control}) => kind !== "text" && (lacks(control) || !control.checkValidity()))) return;
        await page.keep({kind: "surveyed", outlet: code, survey, answers: {...answers}, visit: page.openVisit(code)?.uuid ?? null}, {drops: name});
        return goBack();
      }, "main"))].flat();
  };

  // The day begins without a photo, too: who looks on sees that there is none.
  const beginView = (page) => {
    const name = "day";
    const said = make("p", {class: "wait", role: "alert"});
    let sure = false;
    return [make("h1", {}, say("begin_day")), make("p", {}, say("selfie_why")),
      photoField({draft: name}, {facing: "user"}), said,
      make("div", {class: "actions"}, button(say("begin_day"), async () => {
        const taken = (await fieldStore.photos()).some((one) => one.draft === name);
        if (!taken && !sure) { sure = true; said.textContent = say("selfie_none"); return; }
        await page.keep({kind: "day_begun", place: await page.whereAmI()}, {drops: name});
        return goTo("#/");
      }, "main"))].flat();
  };

  return {survey: surveyView, return: returnView, note: noteView, task: taskView, missed: missedView, leave: leaveView, begin: beginView};
})();
