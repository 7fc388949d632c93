// What the views of the phone's page are made of: words, amounts, moments, elements, photos.
const fieldParts = (() => {
  const words = JSON.parse(document.body.dataset.words);
  const language = document.documentElement.lang;

  const fill = (text, values) => Object.entries(values).reduce((said, [name, value]) => said.replaceAll(`{${name}}`, value), text);
  const say = (name, values = {}) => fill(words[name] ?? name, values);
  const amounts = new Intl.NumberFormat(language + "-IN", {style: "currency", currency: document.body.dataset.currency});
  const money = (minor) => amounts.format(minor / 100);
  const clock = (ms) => new Intl.DateTimeFormat(language + "-IN", {hour: "2-digit", minute: "2-digit"}).format(ms);
  const dayOn = (when) => [when.getFullYear(), when.getMonth() + 1, when.getDate()].map((one) => String(one).padStart(2, "0")).join("-");
  const dayAndClock = (ms) => new Intl.DateTimeFormat(language + "-IN", {dateStyle: "medium", timeStyle: "short"}).format(ms);

  const make = (name, given = {}, ...children) => {
    const node = name === "svg" || name === "polyline" || name === "circle" || name === "text" || name === "title" || name === "path"
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
  const noon = (iso) => {
    const [year, month, date] = iso.split("-").map(Number);
    return new Date(year, month - 1, date, 12);
  };
  const day = (iso) => new Intl.DateTimeFormat(language + "-IN", {dateStyle: "medium"}).format(noon(iso));
  // What is typed with the digits of Hindi, with those of the hub: १२ is 12.
  const plainDigits = (text) => text.trim().replace(/[\u0966-\u096f]/g, (digit) => String(digit.charCodeAt(0) - 0x966));
  // A typed amount as the hub reads it: 1,25,000.50 and १२५०००.५० are 125000.50; none where it is no
  // amount above nothing, nor where commas stand otherwise: 1,5 may be meant as 1.5.
  const AMOUNT = /^(\d+|\d{1,3}(,\d{3})+|\d{1,2}(,\d{2})*,\d{3})(\.\d{1,2})?$/;
  const amount = (text) => {
    const typed = plainDigits(text);
    return AMOUNT.test(typed) && /[1-9]/.test(typed) ? typed.replaceAll(",", "") : null;
  };
  const minor = (text) => {
    const plain = amount(text);
    if (plain === null) return null;
    const [whole, part = ""] = plain.split(".");
    return Number(whole) * 100 + Number(part.padEnd(2, "0"));
  };

  const once = (work) => async (event) => {
    const button = event.currentTarget;
    if (button.disabled) return;
    button.disabled = true;
    button.dataset.busy = "";
    const {hash} = location;
    let leave;
    try {
      if (!fieldPhotos.isTaking() || await fieldPhotos.areTaken()) leave = await work(event);
    } finally {
      button.disabled = Boolean(leave);
      if (!leave) delete button.dataset.busy;
    }
    // Whoever has gone on meanwhile, as a place is looked for seconds long, is not taken away.
    if (leave && location.hash === hash) leave();
  };
  // How a form is left: it stays as it is until another view is drawn, so a second tap keeps nothing twice.
  const goTo = (hash) => () => { location.hash = hash; };
  const goBack = () => (history.length === 1 ? goTo("#/") : () => history.back());
  const button = (label, work, kind = "") => make("button", {type: "button", class: kind, onclick: once(work)}, label);
  // A field that has nothing is come to, and nothing is done.
  const lacks = (control) => {
    if (control.value.trim()) return false;
    control.focus();
    return true;
  };

  // Products that a text finds, eight at most. Whose words it begins come first: `tea` is Tea before steak.
  const findProducts = (products, text) => {
    const parts = text.trim().toLocaleLowerCase().split(/\s+/).filter(Boolean);
    if (!parts.length) return [];
    const doubts = (named) => {
      const begun = named.split(/[^\p{L}\p{M}\p{N}]+/u);
      return parts.filter((part) => !begun.some((word) => word.startsWith(part))).length;
    };
    return products.map((one) => [one, `${one[0]} ${one[1]}`.toLocaleLowerCase()])
      .filter(([, named]) => parts.every((part) => named.includes(part)))
      .map(([one, named]) => [one, doubts(named)])
      .sort(([, first], [, second]) => first - second)
      .slice(0, 8).map(([one]) => one);
  };

  // The product of an SKU or a bar code, with the pack that carries the code; a GS1 string has a GTIN in it.
  const findExact = (products, text) => {
    const typed = text.trim().toLocaleLowerCase();
    if (!typed) return null;
    const plain = (code) => code.replace(/^0+/, "");
    const inside = /^\(?01\)?(\d{14})/.exec(typed)?.[1];
    const wanted = [plain(typed), inside ? plain(inside) : ""].filter(Boolean);
    for (const one of products) {
      const code = one[5].find(([gtin]) => wanted.includes(plain(gtin)));
      if (code) return [one, code[1]];
      if (one[0].toLocaleLowerCase() === typed) return [one, null];
    }
    return null;
  };

  // A button for each product that a text found; a text that finds none is told so.
  const offer = (text, found, add) => (text.trim() && !found.length ? [make("p", {role: "status"}, say("no_product"))]
    : found.map((one) => button(`${one[1]} (${one[0]})`, () => add(one))));

  // --- photos of a draft, or of an entry that is there ----------------------------------------------

  const MOST_PHOTOS = Number(document.body.dataset.mostPhotos);

  // `facing` is the camera that is meant: the one that looks away, or `user` for the person's own face.
  const photoField = (of, {facing = "environment", most = MOST_PHOTOS} = {}) => {
    const shown = make("div", {class: "photos"});
    const said = make("p", {class: "bad", role: "alert"});
    const input = make("input", {type: "file", accept: "image/*", capture: facing});
    const full = make("p", {class: "wait", hidden: true}, say("photo_many"));
    const drawPhotos = async () => {
      const own = (await fieldStore.photos()).filter(fieldStore.isPhotoOf(of));
      const sent = of.entry ? (await fieldStore.all()).find((row) => row.id === of.entry)?.photos ?? 0 : 0;
      input.disabled = own.length + sent >= most;
      full.hidden = !input.disabled;
      shown.replaceChildren(...await Promise.all(own.map(async (one) => make("span", {},
        await fieldPhotos.draw(one),
        make("button", {type: "button", "aria-label": say("remove_photo"), onclick: async () => { await fieldStore.removePhoto(one.id); await drawPhotos(); }}, "\u00d7")))));
    };
    input.addEventListener("change", async () => {
      const [file] = input.files;
      if (!file) return;
      said.textContent = say("photo_taking");
      try {
        await fieldPhotos.keep(file, of, most);
        said.textContent = "";
        if (of.entry) fieldSync.soon();
      } catch (error) {
        if (!(error instanceof fieldPhotos.PhotoError)) throw error;
        said.textContent = say(error.code);
      }
      input.value = "";
      await drawPhotos();
    });
    drawPhotos();
    return [...labelled(say("photo"), input), full, said, shown];
  };

  return {words, say, money, clock, dayAndClock, day, dayOn, noon, plainDigits, amount, minor, make, labelled, options, once, button, goTo, goBack, lacks, findProducts, findExact, offer, photoField, MOST_PHOTOS};
})();
