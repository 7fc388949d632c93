// The views of outlets: one that nobody knew, what of one is otherwise, and what it may be already.
const fieldOutlets = (() => {
  const {words, say, make, labelled, button, goTo, goBack, lacks, photoField} = fieldParts;
  const NEW = ["name", "contact", "phone", "address", "city", "pin", "gstin", "hours"];
  const EDITED = ["contact", "phone", "address", "city", "pin", "hours"];
  const KINDS = {phone: "tel", pin: "text"};
  const NEAR_M = 200;

  const fieldsOf = (names, values, save = () => {}) => Object.fromEntries(names.map((name) => {
    const control = make("input", {type: KINDS[name] ?? "text", maxlength: 200, autocomplete: "off", inputmode: name === "pin" ? "numeric" : null, value: values[name] ?? ""});
    control.addEventListener("input", save);
    return [name, control];
  }));
  const drawn = (controls) => Object.entries(controls).map(([name, control]) => labelled(words.customer[name], control));
  const placeText = ({latitude, longitude}) => latitude === undefined || latitude === null ? "" : `${(latitude / 1e6).toFixed(6)}, ${(longitude / 1e6).toFixed(6)}`;

  const digits = (text) => (text ?? "").replace(/\D/g, "").slice(-10);
  const key = (text) => (text ?? "").toLocaleLowerCase().replace(/[^\p{L}\p{M}\p{N}]/gu, "");
  const metres = (here, there) => {
    const rad = (value) => value / 1e6 * Math.PI / 180;
    const north = rad(there.latitude - here.latitude);
    const east = rad(there.longitude - here.longitude) * Math.cos(rad(here.latitude));
    return Math.hypot(north, east) * 6371009;
  };
  // Those that the phone knows; the hub looks again, and over more.
  const alike = (page, fields, place) => page.outlets().filter((one) => {
    if (fields.phone && digits(fields.phone) && digits(one.phone) === digits(fields.phone)) return true;
    const [own, other] = [key(fields.name), key(one.name)];
    if (!own || !(own === other || (Math.min(own.length, other.length) >= 4 && (own.startsWith(other) || other.startsWith(own))))) return false;
    if (key(fields.city) && key(fields.city) === key(one.city)) return true;
    return place.latitude !== undefined && one.latitude !== null && metres(place, one) <= NEAR_M;
  });

  const newView = async (page, of) => {
    const mended = of ? (await fieldStore.all()).find((row) => row.id === of) : null;
    const draft = mended?.entry.fields ?? (await fieldStore.kept("new")) ?? {};
    const valuesOf = () => Object.fromEntries(Object.entries(controls).map(([name, one]) => [name, one.value.trim()]).filter(([, text]) => text));
    const controls = fieldsOf(NEW, draft, () => { if (!mended) page.keepDraft("new", valuesOf()); });
    const here = make("input", {type: "checkbox", checked: true});
    const doubts = make("div", {role: "alert"});
    let sure = "";
    return [make("h1", {}, say("new_outlet")),
      ...drawn(controls),
      make("label", {class: "tick"}, here, say("outlet_here")),
      photoField(mended ? {entry: mended.id} : {draft: "new"}),
      doubts,
      make("div", {class: "actions"}, button(say("save"), async () => {
        if (lacks(controls.name)) return;
        // What is typed while the place is looked for counts.
        const place = here.checked ? await page.whereAmI() : {};
        const fields = valuesOf();
        const found = mended ? [] : alike(page, fields, place);
        const asked = found.map((one) => one.code).join(" ");
        if (found.length && asked !== sure) {
          sure = asked;
          doubts.replaceChildren(make("p", {class: "wait"}, say("alike")),
            ...found.slice(0, 5).map((one) => make("a", {class: "card", href: "#/outlet/" + encodeURIComponent(one.code)}, make("strong", {}, one.name), make("p", {class: "faint"}, [one.address, one.city, one.phone].filter(Boolean).join(", ")))));
          return;
        }
        const where = placeText(place) || mended?.entry.fields.place;
        const entry = {fields: where ? {...fields, place: where} : fields};
        let id = mended?.id;
        if (mended) await fieldStore.change(id, {entry: {...mended.entry, ...entry}, state: "waiting", words: "", told: {}});
        else id = await page.keep({kind: "outlet_added", ...entry, anyway: false}, {drops: "new"});
        fieldSync.soon();
        return goTo("#/outlet/" + encodeURIComponent(fieldStore.codeOfNew(id)));
      }, "main"))].flat();
  };

  // What was refused is looked at again beside what the hub has by now: `of` is that entry.
  const editView = async (page, code, of) => {
    const one = page.outlet(code);
    const mended = of ? (await fieldStore.all()).find((row) => row.id === of && row.state === "refused") : null;
    const wanted = Object.entries(mended?.entry.changes ?? {}).map(([name, change]) => [name, change.wanted]);
    const controls = fieldsOf(EDITED, {...one, ...Object.fromEntries(wanted)});
    const here = make("input", {type: "checkbox"});
    const said = make("p", {role: "status"}, mended?.words ?? "");
    return [make("h1", {}, one.name),
      ...drawn(controls),
      make("label", {class: "tick"}, here, say("outlet_here")),
      said,
      make("div", {class: "actions"}, button(say("save"), async () => {
        const place = here.checked ? placeText(await page.whereAmI()) : "";
        const changes = {};
        for (const [name, control] of Object.entries(controls)) {
          if (control.value.trim() !== (one[name] ?? "")) changes[name] = {seen: one[name] ?? "", wanted: control.value.trim()};
        }
        if (place) changes.place = {seen: placeText(one), wanted: place};
        if (!Object.keys(changes).length) { said.textContent = say("no_change"); return; }
        await page.keep({kind: "outlet_changed", outlet: code, changes}, {instead: mended?.id});
        return goBack();
      }, "main"))].flat();
  };

  // What a rep may answer to an outlet that the hub takes for another, or cannot take.
  const answers = (page, row) => {
    if (row.entry.kind !== "outlet_added") return [];
    const code = fieldStore.codeOfNew(row.id);
    const send = async (entry) => { await fieldStore.change(row.id, {entry, state: "waiting", words: "", told: {}}); fieldSync.soon(); await page.redraw(); };
    const twins = row.told?.duplicates ?? [];
    return [
      ...twins.map((one) => button(say("same_outlet", {name: one.name, by: one.by}), async () => {
        await fieldStore.moveOutlet(row.id, code, one.code);
        fieldSync.soon();
        return goTo("#/outlet/" + encodeURIComponent(one.code));
      })),
      twins.length ? button(say("other_outlet"), () => send({...row.entry, anyway: true})) : null,
      make("a", {class: "button", href: "#/new/" + row.id}, say("mend")),
    ];
  };

  return {newView, editView, answers};
})();
