// Hands the hub what the phone keeps, as often as it takes; two open pages never do so at once.
const fieldSync = (() => {
  const MOST = 20;
  const MOST_BYTES = 90_000;
  const WAIT_MS = 20_000;
  // What a phone that has nothing is told is large: a slow line has longer for it.
  const WHOLE_MS = 120_000;
  const FIRST_MS = 2_000;
  const LONGEST_MS = 60_000;
  const FIGURES_MS = 30 * 60_000;
  // A photo's first part is small, as the line may be; each that went fast lets the next be twice as large.
  const PART_BYTES = 32_000;
  const MOST_PART_BYTES = 128_000;
  const FAST_MS = 1_000;
  let partBytes = PART_BYTES;
  let most = MOST;
  let photoPause = FIRST_MS;
  let photoTimer = null;
  let pause = FIRST_MS;
  let timer = null;
  let running = false;
  let isAsked = false;
  let state = {line: true, said: ""};
  const listeners = new Set();

  const tell = (change) => {
    state = {...state, ...change};
    listeners.forEach((hear) => hear(state));
  };

  // The round is over for now; `status` is what the hub answered, where it answered.
  class Stop extends Error {
    constructor(status = 0, afterMs = 0) { super(); this.status = status; this.afterMs = afterMs; }
  }
  // What the hub itself answers to an entry that it cannot take; all else comes from in between.
  const UNREADABLE = [400, 413, 422];

  // A hotel's sign-in page answers everything with 200: what is no JSON is no answer of the hub.
  const read = async (answer) => {
    try {
      return await answer.json();
    } catch {
      tell({line: false, said: ""});
      throw new Stop();
    }
  };

  const ask = async (address, options = {}) => {
    let answer;
    try {
      answer = await fetch(address, {
        signal: AbortSignal.timeout(WAIT_MS),
        ...options,
        redirect: "manual",
        cache: "no-store",
      });
    } catch {
      tell({line: false, said: ""});
      throw new Stop();
    }
    const left = answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403;
    if (left) {
      tell({line: true, said: answer.status === 403 ? "forbidden" : "sign_in"});
      throw new Stop();
    }
    if (answer.status === 503) {
      // Others are being taken: the line is there, and it is our turn in a moment.
      tell({line: true, said: ""});
      throw new Stop(503, 1000 * (Number(answer.headers.get("Retry-After")) || 0));
    }
    if (answer.status >= 500) {
      tell({line: false, said: ""});
      throw new Stop(answer.status);
    }
    return answer;
  };

  // Another person is signed in. The page is that one's, unless somebody's work waits on it.
  const meetOther = async (user) => {
    tell({line: true, said: "wrong_user"});
    const unsent = (await fieldStore.all()).some((row) => row.state !== "done")
      || (await fieldStore.photos()).some((one) => one.state !== "draft");
    if (unsent) throw new Stop();
    fieldStore.handTo(user);
    location.reload();
    throw new Stop();
  };

  const batch = (rows) => {
    const chosen = [];
    let bytes = 0;
    for (const row of rows) {
      const size = new TextEncoder().encode(JSON.stringify(row.entry)).length;
      if (chosen.length && (chosen.length >= most || bytes + size > MOST_BYTES)) break;
      chosen.push(row);
      bytes += size;
    }
    return chosen;
  };

  // Gives false for an entry at which the hub stumbles: it waits on, and keeps no other back.
  const post = async (rows) => {
    const body = {user: fieldStore.user(), sent_at: Date.now(), entries: rows.map((row) => row.entry)};
    let answer;
    try {
      answer = await ask("/field/entries", {
        method: "POST",
        headers: {"Content-Type": "application/json"},
        body: JSON.stringify(body),
      });
    } catch (error) {
      if (error.status !== 500) throw error;
      const alone = rows.length === 1;
      most = 1;
      return !alone;
    }
    if (answer.status === 409) {
      tell({line: true, said: "wrong_user"});
      throw new Stop();
    }
    if (answer.status === 413 && rows.length > 1) {
      most = Math.max(1, Math.floor(rows.length / 2));
      return true;
    }
    if (UNREADABLE.includes(answer.status)) {
      // One entry that the hub cannot read must not keep the others back for ever.
      if (rows.length > 1) { most = 1; return true; }
      await fieldStore.change(rows[0].id, {state: "refused", words: `${answer.status}`});
      return true;
    }
    const {answers} = await read(answer);
    if (!answer.ok || !Array.isArray(answers)) {
      tell({line: false, said: ""});
      throw new Stop();
    }
    const isDone = (one) => one.state === "kept" && one.status !== "rejected";
    // Whoever mends what was refused begins with what the hub has by now.
    if (!answers.every(isDone)) await refresh();
    for (const one of answers) {
      await fieldStore.change(one.id, {
        state: isDone(one) ? "done" : "refused",
        words: one.words ?? "",
        told: one,
      });
    }
    return true;
  };

  // What is of an outlet that the hub does not have yet waits for that outlet, with all of its visit.
  const held = (rows) => {
    const outlets = new Set(rows.filter((row) => row.entry.kind === "outlet_added" && row.state !== "done").map((row) => fieldStore.codeOfNew(row.id)));
    const ids = new Set();
    for (const {id, entry} of rows) {
      if (outlets.has(entry.outlet) || ids.has(entry.visit)) ids.add(id);
    }
    return ids;
  };

  const send = async () => {
    const stumbled = new Set();
    for (;;) {
      const whole = await fieldStore.all();
      const later_ = held(whole);
      const rows = whole.filter((row) => row.state === "waiting" && !stumbled.has(row.id) && !later_.has(row.id));
      if (!rows.length) break;
      const sent = batch(rows);
      if (!(await post(sent))) stumbled.add(sent[0].id);
      tell({line: true, said: ""});
    }
    most = MOST;
    return stumbled.size === 0;
  };

  // Long lists come in pieces, each under a mark that names its content: what the phone holds by its mark is
  // not sent again. Their rows are put in order here, for whoever reads them.
  const {compare} = new Intl.Collator(document.documentElement.lang, {numeric: true});
  const IN_ORDER = {
    outlets: (rows) => rows.sort((one, other) => compare(one.name, other.name)),
    products: (rows) => rows.sort((one, other) => compare(one[1], other[1])),
    past: (rows) => Object.fromEntries(rows),
    notes: (rows) => rows,
  };
  const join = ({pieces, ...told}, held) => {
    const marks = Object.values(told.marks).flat();
    const known = Object.fromEntries(marks.map((mark) => [mark, pieces[mark] ?? held[mark]]));
    const lists = Object.entries(IN_ORDER).map(([name, inOrder]) => [name, inOrder(told.marks[name].flatMap((mark) => known[mark]))]);
    return {known, snapshot: {...told, ...Object.fromEntries(lists)}};
  };

  // A phone may sleep between the question and the last word of the answer: what the hub told is of
  // when it was asked. The snapshot is null where it is as it was: the hub's `etag` names it.
  const askSnapshot = async (held = {}, etag = "") => {
    const askedAt = Date.now();
    const marks = Object.keys(held).join("");
    const answer = await ask("/field/snapshot" + (marks && "?held=" + marks),
      {headers: etag ? {"If-None-Match": etag} : {}, signal: AbortSignal.timeout(marks ? WAIT_MS : WHOLE_MS)});
    const isTold = answer.status === 200;
    return {askedAt, isKnown: isTold || answer.status === 304, etag: answer.headers.get("ETag"),
      ...(isTold ? join(await read(answer), held) : {known: held, snapshot: null})};
  };
  // The mark of the whole is kept last: where the phone dies before, the hub tells it all once more.
  const keepSnapshot = async ({askedAt, known, snapshot, etag}, held = {}) => {
    await fieldStore.keep("snapshot", snapshot);
    await fieldStore.moveDrafts(snapshot.joined ?? {});
    const isOther = (one, other) => Object.keys(one).some((mark) => !(mark in other));
    if (isOther(known, held) || isOther(held, known)) await fieldStore.keep("pieces", known);
    await fieldStore.keep("etag", etag);
    await fieldStore.keep("told_at", askedAt);
  };

  // Two may ask at once: what the hub told first is never written over what it told since.
  let asked = 0;
  let known = 0;
  const refresh = async () => {
    const turn = ++asked;
    const held = (await fieldStore.kept("pieces")) ?? {};
    const told = await askSnapshot(held, await fieldStore.kept("etag"));
    if (turn < known) return;
    known = turn;
    if (told.snapshot && told.snapshot.user !== fieldStore.user()) await meetOther(told.snapshot.user);
    if (told.snapshot) await keepSnapshot(told, held);
    else if (told.isKnown) await fieldStore.keep("told_at", told.askedAt);
    tell({line: true, said: ""});
  };

  // What the month came to is asked for now and then: it changes slowly, and costs the hub the most.
  const askFigures = async () => {
    const at = Date.now();
    const kept = await fieldStore.kept("figures");
    if (kept && Math.abs(at - kept.at) < FIGURES_MS) return;
    const answer = await ask("/field/figures");
    if (answer.status === 200) await fieldStore.keep("figures", {at, ...await read(answer)});
  };

  const later = (ms) => {
    clearTimeout(timer);
    timer = setTimeout(sync, ms);
  };

  // Finds who is signed in where no page of the phone knows it yet.
  const meet = async () => {
    const told = await askSnapshot();
    if (!told.snapshot) throw new Stop();
    await fieldStore.open(told.snapshot.user);
    await keepSnapshot(told);
    tell({line: true, said: ""});
  };

  const alone = (work, what = "") => navigator.locks
    ? navigator.locks.request("orderwire-field-" + fieldStore.user() + what, {ifAvailable: true}, async (lock) => {
      if (!lock) return false;
      await work();
      return true;
    })
    : work();

  // A photo goes in parts: where the line is cut, the next one goes on from what the hub has.
  const sendPhoto = async (photo) => {
    let have = photo.have ?? 0;
    for (;;) {
      const begun = Date.now();
      const asked = new URLSearchParams({user: fieldStore.user(), entry: photo.entry, size: photo.blob.size, start: have});
      const answer = await ask("/field/photos/" + photo.id + "?" + asked, {
        method: "POST",
        headers: {"Content-Type": "image/jpeg"},
        body: photo.blob.slice(have, have + partBytes),
      });
      partBytes = Date.now() - begun < FAST_MS ? Math.min(2 * partBytes, MOST_PART_BYTES) : PART_BYTES;
      if (answer.status === 409) { tell({line: true, said: "wrong_user"}); throw new Stop(); }
      if (UNREADABLE.includes(answer.status)) return answer;
      const told = await read(answer);
      if (!answer.ok || !told.state) { tell({line: false, said: ""}); throw new Stop(); }
      if (told.state !== "part") return {status: answer.status, told};
      have = told.have;
      await fieldStore.changePhoto(photo.id, {have});
    }
  };

  // Photos go by themselves, one after another: the slow way of one keeps no entry back.
  const sendPhotos = async () => {
    const entries = new Map((await fieldStore.all()).map((row) => [row.id, row]));
    for (const one of await fieldStore.photos()) {
      const of = entries.get(one.entry);
      if (one.state !== "waiting" || (of && of.state !== "done")) continue;
      const answer = await sendPhoto(one);
      if (UNREADABLE.includes(answer.status)) {
        await fieldStore.changePhoto(one.id, {state: "refused", words: `${answer.status}`});
        continue;
      }
      const {told} = answer;
      if (told.state === "kept") await fieldStore.sentPhoto(one);
      else await fieldStore.changePhoto(one.id, {state: "refused", words: told.words});
      tell({line: true, said: ""});
    }
  };
  // A round that was stopped, or found the phone full, is made again later; all else is a fault of ours.
  const isAwaited = (error) => error instanceof Stop || /^Quota/.test(error.name);
  const photosLater = (ms) => {
    clearTimeout(photoTimer);
    photoTimer = setTimeout(syncPhotos, ms);
  };
  const syncPhotos = async () => {
    try {
      const done = await alone(sendPhotos, "-photos");
      photoPause = FIRST_MS;
      if (done === false) photosLater(FIRST_MS);
    } catch (error) {
      partBytes = PART_BYTES;
      photosLater((error.afterMs || photoPause) * (0.75 + Math.random() / 2));
      photoPause = Math.min(2 * photoPause, LONGEST_MS);
      if (!isAwaited(error)) throw error;
    } finally {
      tell({});
    }
  };

  // Where the hub says when to come again, that is when; else each time it is twice as long.
  const again = (afterMs) => {
    later((afterMs || pause) * (0.75 + Math.random() / 2));
    if (!afterMs) pause = Math.min(2 * pause, LONGEST_MS);
  };

  const sync = async () => {
    if (running) return;
    running = true;
    isAsked = false;
    try {
      const done = await alone(async () => {
        const whole = await send();
        await refresh();
        if ((await fieldStore.kept("snapshot"))?.walks) await askFigures();
        await fieldStore.dropOld();
        photosLater(0);
        if (!whole) throw new Stop();
      });
      pause = FIRST_MS;
      // What was kept since the round began must not wait a minute, in this window or in another.
      later(done === false ? FIRST_MS : isAsked ? 0 : LONGEST_MS);
    } catch (error) {
      again(error.afterMs);
      if (!isAwaited(error)) throw error;
    } finally {
      running = false;
      tell({});
    }
  };

  // A round that is about to end would put off what is only due: it is asked to go round again.
  const soon = () => { if (running) isAsked = true; else later(0); };

  addEventListener("online", () => { pause = FIRST_MS; soon(); });
  addEventListener("offline", () => tell({line: false}));
  document.addEventListener("visibilitychange", () => { if (!document.hidden) soon(); });

  return {
    ask,
    read,
    meet,
    soon,
    again: refresh,  // what was decided is asked for at once, outside of any round
    state: () => state,
    hear: (listener) => listeners.add(listener),
    Stop,
  };
})();
