// What the phone keeps: entries and photos until the hub has them, the snapshot, drafts, prices told.
const fieldStore = (() => {
  const NAMED = "orderwire-field-";
  const LAST = "orderwire-field-user";
  const KEEP_DONE_MS = 3 * 24 * 3600 * 1000;
  let base = null;
  let opening = null;
  let owner = null;
  let wasCleared = false;

  // Somebody cleared what sites keep, or the phone did: what is opened next is empty, and says so.
  const forgetBase = () => { base = null; opening = null; };
  const openBase = (user) => idb.openDB(NAMED + user, 2, {
    upgrade(db, before) {
      if (before < 1) {
        db.createObjectStore("entries", {keyPath: "id"});
        db.createObjectStore("kept");
      }
      if (before < 2) db.createObjectStore("photos", {keyPath: "id"});
      if (before < 1 && owner === user) wasCleared = true;
    },
    blocking() { base?.close(); forgetBase(); },
    terminated() { forgetBase(); },
  });

  const use = async () => {
    if (base) return base;
    opening ??= openBase(owner);
    try {
      base = await opening;
    } catch (error) {
      forgetBase();
      throw error;
    }
    if (localStorage.getItem(LAST) !== owner) localStorage.setItem(LAST, owner);
    return base;
  };

  // While a connection ends, what was under way on it is undone whole: it is done again on the next.
  const ENDED = [DOMException.ABORT_ERR, DOMException.INVALID_STATE_ERR, 0];
  const using = async (work) => {
    for (let turn = 1; ; turn += 1) {
      try {
        return await work(await use());
      } catch (error) {
        if (turn > 5 || !(error instanceof DOMException) || !ENDED.includes(error.code)) throw error;
        base?.close();
        forgetBase();
        await new Promise((go) => setTimeout(go, 50 * turn));
      }
    }
  };

  const open = async (user) => {
    if (owner === user && base) return;
    base?.close();
    forgetBase();
    opening = openBase(user);
    base = await opening;
    owner = user;
    localStorage.setItem(LAST, user);
    // Asked for once the person uses it: a phone that is short of room clears what nobody claims.
    navigator.storage?.persist?.().catch(() => {});
  };

  // A time-ordered id of the phone's own (UUID version 7): the hub keeps one entry under it.
  const newId = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    const now = BigInt(Date.now());
    for (let place = 0; place < 6; place += 1) {
      bytes[place] = Number((now >> BigInt(8 * (5 - place))) & 0xffn);
    }
    bytes[6] = 0x70 | (bytes[6] & 0x0f);
    bytes[8] = 0x80 | (bytes[8] & 0x3f);
    const hex = [...bytes].map((one) => one.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  };
  // The code that the hub gives to an outlet which an entry adds.
  const codeOfNew = (id) => "N-" + id.slice(-10).toUpperCase();

  const inOrder = (rows) => rows.sort((one, other) => one.place - other.place);
  const within = (mode) => (stores, work) => using(async (db) => {
    const tx = db.transaction(stores, mode, {durability: "strict"});
    const [made] = await Promise.all([work(tx), tx.done]);
    return made;
  });
  const read = within("readonly");
  const write = within("readwrite");
  // What fails of these fails the whole transaction, and is told by that.
  const put = (tx, store, value, key) => { tx.objectStore(store).put(value, key).catch(() => {}); };
  const drop = (tx, store, key) => { tx.objectStore(store).delete(key).catch(() => {}); };
  const all = async () => inOrder(await read(["entries"], (tx) => tx.store.getAll()));
  const photos = async () => inOrder(await read(["photos"], (tx) => tx.store.getAll()));
  const nextPlace = async (tx) => {
    const place = ((await tx.objectStore("kept").get("place")) ?? 0) + 1;
    put(tx, "kept", place, "place");
    return place;
  };

  // Keeps an entry for the hub, `instead` of one that was refused; it is on the phone's disk when this
  // returns. `shown` is what the person saw: a price, a note. Photos that were taken for the draft `drops`, or for
  // the refused one, are the entry's from then on. Where a kept row is one of `unless`, nothing is kept
  // and null given: two windows may want the same at once.
  const add = (entry, {drops, instead, shown = null, unless} = {}) => write(["entries", "kept", "photos"], async (tx) => {
    if (unless && (await tx.objectStore("entries").getAll()).some(unless)) return null;
    const whole = {id: newId(), at: Date.now(), ...entry};
    const place = await nextPlace(tx);
    if (instead) drop(tx, "entries", instead);
    if (drops) drop(tx, "kept", drops);
    if (drops || instead) {
      for (const one of await tx.objectStore("photos").getAll()) {
        if ((drops && one.draft === drops) || (instead && one.entry === instead)) put(tx, "photos", {...one, draft: null, entry: whole.id, state: "waiting"});
      }
    }
    put(tx, "entries", {id: whole.id, place, state: "waiting", entry: whole, shown});
    return whole.id;
  });

  const changeIn = (store) => (id, values) => write([store], async (tx) => {
    const row = await tx.objectStore(store).get(id);
    if (row) put(tx, store, {...row, ...values});
  });

  // A photo goes with the entry that it is of: nobody would send it, or look at it, without.
  const remove = (id) => write(["entries", "photos", "kept"], async (tx) => {
    drop(tx, "entries", id);
    drop(tx, "kept", "mend:" + id);
    for (const one of await tx.objectStore("photos").getAll()) {
      if (one.entry === id) drop(tx, "photos", one.id);
    }
  });

  // What is typed and not kept yet, by its outlet. Where both outlets have such, nothing of either goes.
  const DRAFTS = ["draft", "note", "return", "survey"];
  const joined = (own, there) => {
    if (!there) return own;
    const lines = [...(there.lines ?? []), ...(own.lines ?? [])];
    const named = new Map([...lines].reverse().map((line) => [`${line.sku} ${line.unit ?? ""}`, line]));
    const texts = [...new Set([there.text, own.text].filter(Boolean))];
    return {...own, ...there, ...(lines.length ? {lines: [...named.values()].reverse(), price: null} : {}), ...(texts.length ? {text: texts.join("\n").slice(0, 500)} : {})};
  };

  const moveDraftsIn = async (tx, from, to) => {
    for (const key of await tx.objectStore("kept").getAllKeys()) {
      const [kind, of, ...more] = String(key).split(":");
      if (!DRAFTS.includes(kind) || of !== from) continue;
      const moved = [kind, to, ...more].join(":");
      put(tx, "kept", joined(await tx.objectStore("kept").get(key), await tx.objectStore("kept").get(moved)), moved);
      drop(tx, "kept", key);
      for (const one of await tx.objectStore("photos").getAll()) {
        if (one.draft === key) put(tx, "photos", {...one, draft: moved});
      }
    }
  };
  // The hub says which outlets are others by now: what is kept for the hub says so itself, and stays as it is.
  const moveDrafts = (joined) => write(["photos", "kept"], async (tx) => {
    for (const [from, to] of Object.entries(joined)) await moveDraftsIn(tx, from, to);
  });

  // What was kept for an outlet that is another one already goes to that one; nothing was sent of it.
  const moveOutlet = (added, from, to) => write(["entries", "photos", "kept"], async (tx) => {
    await moveDraftsIn(tx, from, to);
    for (const row of await tx.objectStore("entries").getAll()) {
      if (row.entry.outlet === from) put(tx, "entries", {...row, entry: {...row.entry, outlet: to}});
    }
    drop(tx, "entries", added);
    // What was taken of it is not lost: it waits for a note at the outlet that it is.
    for (const one of await tx.objectStore("photos").getAll()) {
      if (one.entry === added) put(tx, "photos", {...one, entry: null, draft: "note:" + to, state: "draft"});
    }
  });

  // Of one thing `most` photos are kept, those among them that the hub has: of one more nothing is, and null given.
  const isPhotoOf = (of) => (one) => (of.draft ? one.draft === of.draft : one.entry === of.entry);
  const addPhoto = (photo, most) => write(["entries", "photos", "kept"], async (tx) => {
    const there = (await tx.objectStore("photos").getAll()).filter(isPhotoOf(photo)).length;
    const sent = photo.entry ? (await tx.objectStore("entries").get(photo.entry))?.photos ?? 0 : 0;
    if (there + sent >= most) return null;
    const row = {id: newId(), state: photo.draft ? "draft" : "waiting", ...photo, place: await nextPlace(tx)};
    put(tx, "photos", row);
    return row.id;
  });

  // The hub has a photo: it goes from the phone, and is counted at its entry.
  const sentPhoto = ({id, entry}) => write(["entries", "photos"], async (tx) => {
    drop(tx, "photos", id);
    const row = await tx.objectStore("entries").get(entry);
    if (row) put(tx, "entries", {...row, photos: (row.photos ?? 0) + 1});
  });

  // What was typed of a delivery note that is on its way no more: nobody can come back to it.
  const dropDrafts = (before) => write(["photos", "kept"], async (tx) => {
    const {notes = []} = (await tx.objectStore("kept").get("snapshot")) ?? {};
    const open = notes.map((one) => "bring:" + one.id);
    const drafts = (await tx.objectStore("kept").getAllKeys()).filter((key) => String(key).startsWith("bring:"));
    const photos = (await tx.objectStore("photos").getAll()).filter((one) => one.draft?.startsWith("bring:"));
    for (const key of drafts) {
      if (!open.includes(key) && (await tx.objectStore("kept").get(key)).at < before) drop(tx, "kept", key);
    }
    for (const one of photos) {
      if (!open.includes(one.draft) && one.at < before) drop(tx, "photos", one.id);
    }
  });

  // Entries that the hub has are shown for some days; only those, and drafts that nobody can come back
  // to, are ever dropped by themselves, and none of which a photo waits.
  const dropOld = async () => {
    const before = Date.now() - KEEP_DONE_MS;
    await dropDrafts(before);
    const wanted = new Set((await photos()).map((one) => one.entry));
    for (const row of await all()) {
      if (row.state === "done" && row.entry.at < before && !wanted.has(row.id)) await write(["entries"], async (tx) => drop(tx, "entries", row.id));
    }
  };

  return {
    open,
    add,
    all,
    change: changeIn("entries"),
    dropOld,
    newId,
    codeOfNew,
    moveOutlet,
    moveDrafts,
    addPhoto,
    isPhotoOf,
    sentPhoto,
    photos,
    changePhoto: changeIn("photos"),
    removePhoto: (id) => write(["photos"], async (tx) => drop(tx, "photos", id)),
    user: () => owner,
    last: () => localStorage.getItem(LAST),
    // Who opens the page next: nobody, or another person. What each has typed stays with each.
    leave: () => localStorage.removeItem(LAST),
    handTo: (user) => localStorage.setItem(LAST, user),
    wasCleared: () => wasCleared,
    seenCleared: () => { wasCleared = false; },
    remove,
    keep: (name, value) => write(["kept"], async (tx) => put(tx, "kept", value, name)),
    kept: (name) => read(["kept"], (tx) => tx.store.get(name)),
    forget: (name) => write(["kept"], async (tx) => drop(tx, "kept", name)),
  };
})();
