// The views of goods that are brought: what is on its way, and who signs for it, with or without a line.
const fieldBringing = (() => {
  const {words, say, make, labelled, options, button, photoField, MOST_PHOTOS, day, plainDigits} = fieldParts;
  const LEAST_INK = 100;
  const CELLS = ["back", "damaged", "lost"];

  // What was said of a note is shown by what waits to be sent: it is on its way no more, whatever the hub told last.
  const isOf = (id) => ({entry}) => entry.kind === "brought" && entry.delivery === id;
  const open = (page) => page.notes().filter((one) => !page.rows().some(isOf(one.id)));

  const listView = (page) => {
    const list = make("div", {});
    const search = make("input", {type: "search", autocomplete: "off"});
    const card = (one) => make("a", {class: "card", href: "#/bring/" + one.id},
      make("div", {class: "side"}, make("strong", {}, one.customer), make("span", {}, one.number)),
      make("p", {class: "faint"}, [one.address, [one.vehicle, one.driver].filter(Boolean).join(" "), day(one.day)].filter(Boolean).join(" · ")));
    const fill = () => {
      const text = search.value.trim().toLocaleLowerCase();
      const found = open(page).filter((one) => [one.customer, one.number, one.outlet, one.driver, one.vehicle].some((value) => value.toLocaleLowerCase().includes(text)));
      list.replaceChildren(...(found.length ? found.map(card) : [make("p", {}, say("bring_none"))]));
    };
    search.addEventListener("input", fill);
    fill();
    return [make("h1", {}, words.brought.notes), labelled(say("find"), search), list].flat();
  };

  const gone = (text) => [make("h1", {}, words.brought.notes), make("p", {}, text),
    make("div", {class: "actions"}, make("a", {class: "button", href: "#/bringing"}, words.brought.notes), make("a", {class: "button", href: "#/queue"}, say("queue")))];

  // How long all strokes are together, along the sides of the pad: a touch by mistake signs nothing.
  const ink = (text) => text.split(";").reduce((sum, stroke) => {
    const points = stroke.split(" ").map((one) => one.split(",").map(Number));
    return sum + points.slice(1).reduce((long, [x, y], place) => long + Math.abs(x - points[place][0]) + Math.abs(y - points[place][1]), 0);
  }, 0);

  const padField = (draft, save) => {
    const input = make("input", {type: "hidden", value: draft.signature, oninput: () => { draft.signature = input.value; save(); }});
    const place = make("div", {}, make("p", {id: "sign-label"}, words.brought.signature),
      make("svg", {class: "pad", viewBox: "0 0 1000 300", role: "img", "aria-labelledby": "sign-label"}, make("path", {})),
      input, make("button", {type: "button", "data-wipes": true}, words.brought.signature_wipe));
    signPad(place);
    return place;
  };

  // A line of the note: what was not taken of it, and why; `isRight` goes to what is wrong of it.
  const lineField = (line, draft, save, said) => {
    const own = draft.lines[line.number] ??= {back: "", damaged: "", lost: "", reason: ""};
    const cells = CELLS.map((name) => make("input", {inputmode: "numeric", autocomplete: "off", maxlength: 7, value: own[name], oninput: (event) => { own[name] = event.target.value; show(); save(); }}));
    const reason = make("select", {onchange: () => { own.reason = reason.value; save(); }}, options("reasons", "–"));
    reason.value = own.reason;
    const counted = (cell) => Number(plainDigits(cell.value) || 0);
    const missing = () => cells.reduce((sum, one) => sum + counted(one), 0);
    const taken = make("strong", {});
    const show = () => {
      const left = line.sent - missing();
      taken.textContent = left >= 0 ? say("bring_left", {taken: left, sent: line.sent}) : "";
    };
    show();
    const node = make("details", {class: "card", open: missing() > 0}, make("summary", {}, [line.name, line.batch].filter(Boolean).join(" · "), " ", taken),
      CELLS.flatMap((name, place) => labelled(words.brought[name], cells[place])), labelled(say("reason"), reason));
    const goTo = (control, text) => { node.open = true; said.textContent = text; control.focus(); return false; };
    const isRight = () => {
      const wrong = cells.find((one) => !/^\d*$/.test(plainDigits(one.value)));
      if (wrong) return goTo(wrong, say("bring_whole", {name: line.name}));
      if (missing() > line.sent) return goTo(cells.find(counted), say("bring_more", {name: line.name, sent: line.sent}));
      return missing() && !reason.value ? goTo(reason, `${line.name}: ${say("reason")}`) : true;
    };
    const written = () => ({line: line.number, ...Object.fromEntries(CELLS.map((name, place) => [name, counted(cells[place])])), reason: missing() ? reason.value : ""});
    return {node, isRight, written, missing};
  };

  const begun = ({entry}) => ({...entry, outcome: entry.outcome || "lines", rest: entry.rest ? "again" : "close", redeliver: entry.redeliver ?? "",
    lines: Object.fromEntries(entry.lines.map((one) => [one.line, {...one, ...Object.fromEntries(CELLS.map((name) => [name, String(one[name] || "")]))}]))});

  // The camera, a call or an empty battery may end the page: what was typed and signed so far is kept at once.
  const formView = async (page, named, row) => {
    const mended = page.refused(row);
    const id = Number(named);
    const note = mended?.shown ?? page.notes().find((one) => one.id === id);
    if (!mended && page.rows().some(isOf(id))) return gone(say("bring_again"));
    if (!note) return gone(say("bring_gone"));
    const name = mended ? "mend:" + mended.id : "bring:" + id;
    const draft = {outcome: "lines", lines: {}, receiver: "", word: "", redeliver: "", text: "", signature: "", rest: "close", ...(mended ? begun(mended) : {}), ...await fieldStore.kept(name)};
    let isKept = false;
    // Of when it is, so that what nobody goes on with does not stay for ever.
    const save = async () => { if (!isKept) await page.keepDraft(name, {...draft, at: Date.now()}); };
    const bound = (field, control) => {
      control.value = draft[field];
      control.addEventListener("input", () => { draft[field] = control.value; save(); });
      return control;
    };
    const said = make("p", {class: "bad", role: "alert"});
    const changed = () => { showRest(); return save(); };
    const lines = note.lines.map((one) => lineField(one, draft, changed, said));
    const isPart = () => lines.some((one) => one.missing()) && lines.some((one, place) => one.missing() < note.lines[place].sent);
    const rest = bound("rest", make("select", {}, options("rests")));
    const restPlace = make("div", {}, labelled(words.brought.rest, rest));
    const showRest = () => { restPlace.hidden = !isPart(); };
    showRest();
    const outcome = bound("outcome", make("select", {}, options("ends")));
    const receiver = bound("receiver", make("input", {maxlength: 200, autocomplete: "off"}));
    const word = bound("word", make("input", {maxlength: 16, inputmode: "numeric", autocomplete: "off"}));
    const redeliver = bound("redeliver", make("input", {type: "date", min: page.day()}));
    const text = bound("text", make("input", {maxlength: 500, autocomplete: "off"}));
    const goods = make("div", {}, make("p", {class: "faint"}, words.brought.outcome_hint), lines.map((one) => one.node), restPlace);
    const person = make("div", {}, labelled(words.brought.receiver, receiver), labelled(words.brought.word, word), make("p", {class: "faint"}, words.brought.word_hint), padField(draft, save));
    const again = make("div", {}, labelled(words.brought.redeliver, redeliver));
    const show = () => {
      goods.hidden = outcome.value !== "lines";
      person.hidden = outcome.value === "closed_shop";
      again.hidden = outcome.value !== "closed_shop";
    };
    outcome.addEventListener("input", show);
    show();
    const entry = () => {
      const isClosed = outcome.value === "closed_shop";
      return {kind: "brought", delivery: id, outcome: outcome.value === "lines" ? "" : outcome.value,
        lines: outcome.value === "lines" ? lines.filter((one) => one.missing()).map((one) => one.written()) : [],
        receiver: isClosed ? "" : receiver.value.trim(), word: isClosed ? "" : plainDigits(word.value), signature: isClosed ? "" : draft.signature,
        redeliver: isClosed && redeliver.value ? redeliver.value : null, text: text.value.trim(),
        ...(outcome.value === "lines" && isPart() && rest.value === "again" ? {rest: true} : {}), ...(mended ? {at: mended.entry.at} : {})};
    };
    const isRight = ({outcome: end, receiver: who, signature}) => {
      said.textContent = "";
      if (end === "" && !lines.every((one) => one.isRight())) return false;
      const isTaken = end === "" && lines.some((one, place) => one.missing() < note.lines[place].sent);
      if (!who && (isTaken || signature)) { receiver.focus(); return false; }
      if (signature && ink(signature) < LEAST_INK) { said.textContent = say("bring_short"); return false; }
      return true;
    };
    return [make("h1", {}, note.customer), make("p", {class: "faint"}, [note.number, note.address].filter(Boolean).join(" · ")),
      note.phone ? make("p", {}, make("a", {class: "button", href: "tel:" + note.phone}, `${say("call")} ${note.phone}`)) : null,
      labelled(words.brought.outcome, outcome), goods, again, person,
      photoField(mended ? {entry: mended.id} : {draft: name}, {most: Math.min(MOST_PHOTOS, Number(document.body.dataset.mostNotePhotos) - (note.photos ?? 0))}), labelled(words.brought.remark, text), said,
      make("div", {class: "actions"}, button(words.brought.record, async () => {
        const whole = entry();
        if (!isRight(whole)) return;
        isKept = true;
        let kept;
        try {
          kept = await page.keep(whole, {drops: name, instead: mended?.id, shown: note, unless: (one) => one.id !== mended?.id && isOf(id)(one)});
        } catch (error) {
          isKept = false;
          throw error;
        }
        return page.goTelling(kept ? "#/bringing" : "#/queue", say(kept ? "bring_kept" : "bring_again"));
      }, "main"))].flat();
  };

  return {open, list: listView, form: formView};
})();
