// What the phone keeps: each entry until the hub has it, the snapshot, drafts, prices once told.
const fieldStore = (() => {
  const NAMED = "orderwire-field-";
  const LAST = "orderwire-field-user";
  const KEEP_DONE_MS = 3 * 24 * 3600 * 1000;
  let base = null;
  let owner = null;

  const open = async (user) => {
    if (owner === user) return;
    base?.close();
    base = await idb.openDB(NAMED + user, 1, {
      upgrade(db) {
        db.createObjectStore("entries", {keyPath: "id"});
        db.createObjectStore("kept");
      },
      blocking() { base?.close(); owner = null; },
    });
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

  const all = async () => {
    const rows = await base.getAll("entries");
    return rows.sort((one, other) => one.place - other.place);
  };

  // Keeps an entry for the hub, `instead` of one that was refused; it is on the phone's disk when this returns.
  const add = async (entry, {drops, instead} = {}) => {
    const whole = {id: newId(), at: Date.now(), ...entry};
    const tx = base.transaction(["entries", "kept"], "readwrite", {durability: "strict"});
    const place = ((await tx.objectStore("kept").get("place")) ?? 0) + 1;
    tx.objectStore("kept").put(place, "place");
    if (instead) tx.objectStore("entries").delete(instead);
    if (drops) tx.objectStore("kept").delete(drops);
    tx.objectStore("entries").put({id: whole.id, place, state: "waiting", entry: whole});
    await tx.done;
    return whole.id;
  };

  const change = async (id, values) => {
    const tx = base.transaction("entries", "readwrite", {durability: "strict"});
    const row = await tx.store.get(id);
    if (row) tx.store.put({...row, ...values});
    await tx.done;
  };

  // Entries that the hub has are shown for some days; only those are ever dropped by themselves.
  const dropOld = async () => {
    const before = Date.now() - KEEP_DONE_MS;
    for (const row of await all()) {
      if (row.state === "done" && row.entry.at < before) await base.delete("entries", row.id);
    }
  };

  return {
    open,
    add,
    all,
    change,
    dropOld,
    newId,
    user: () => owner,
    last: () => localStorage.getItem(LAST),
    remove: (id) => base.delete("entries", id),
    keep: (name, value) => base.put("kept", value, name),
    kept: (name) => base.get("kept", name),
    forget: (name) => base.delete("kept", name),
  };
})();
