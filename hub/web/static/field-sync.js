// Hands the hub what the phone keeps, as often as it takes; two open pages never do so at once.
const fieldSync = (() => {
  const MOST = 20;
  const MOST_BYTES = 90_000;
  const WAIT_MS = 20_000;
  const FIRST_MS = 2_000;
  const LONGEST_MS = 60_000;
  let most = MOST;
  let pause = FIRST_MS;
  let timer = null;
  let state = {line: true, said: ""};
  const listeners = new Set();

  const tell = (change) => {
    state = {...state, ...change};
    listeners.forEach((hear) => hear(state));
  };

  class Stop extends Error {}

  const ask = async (address, options = {}) => {
    let answer;
    try {
      answer = await fetch(address, {
        ...options,
        redirect: "manual",
        cache: "no-store",
        signal: AbortSignal.timeout(WAIT_MS),
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
      throw new Stop();
    }
    if (answer.status >= 500) {
      tell({line: false, said: ""});
      throw new Stop();
    }
    return answer;
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

  const post = async (rows) => {
    const body = {user: fieldStore.user(), sent_at: Date.now(), entries: rows.map((row) => row.entry)};
    const answer = await ask("/field/entries", {
      method: "POST",
      headers: {"Content-Type": "application/json"},
      body: JSON.stringify(body),
    });
    if (answer.status === 409) {
      tell({line: true, said: "wrong_user"});
      throw new Stop();
    }
    if (answer.status === 413 && rows.length > 1) {
      most = Math.max(1, Math.floor(rows.length / 2));
      return;
    }
    if (!answer.ok) {
      // One entry that the hub cannot read must not keep the others back for ever.
      if (rows.length > 1) { most = 1; return; }
      await fieldStore.change(rows[0].id, {state: "refused", words: `${answer.status}`});
      return;
    }
    const {answers} = await answer.json();
    for (const one of answers) {
      await fieldStore.change(one.id, {
        state: one.state === "kept" && one.status !== "rejected" ? "done" : "refused",
        words: one.words ?? "",
        told: one,
      });
    }
    most = MOST;
  };

  const send = async () => {
    for (;;) {
      const rows = (await fieldStore.all()).filter((row) => row.state === "waiting");
      if (!rows.length) return;
      await post(batch(rows));
      tell({line: true, said: ""});
    }
  };

  const refresh = async () => {
    const mark = await fieldStore.kept("mark");
    const answer = await ask("/field/snapshot", {headers: mark ? {"If-None-Match": mark} : {}});
    if (answer.status === 200) {
      const snapshot = await answer.json();
      if (snapshot.user !== fieldStore.user()) { tell({said: "wrong_user"}); throw new Stop(); }
      await fieldStore.keep("snapshot", snapshot);
      await fieldStore.keep("mark", answer.headers.get("ETag"));
    }
    tell({line: true, said: ""});
  };

  const later = (ms) => {
    clearTimeout(timer);
    timer = setTimeout(sync, ms);
  };

  // Finds who is signed in where no page of the phone knows it yet.
  const meet = async () => {
    const answer = await ask("/field/snapshot");
    const snapshot = await answer.json();
    await fieldStore.open(snapshot.user);
    await fieldStore.keep("snapshot", snapshot);
    await fieldStore.keep("mark", answer.headers.get("ETag"));
    tell({line: true, said: ""});
  };

  const alone = (work) => navigator.locks
    ? navigator.locks.request("orderwire-field-" + fieldStore.user(), {ifAvailable: true}, async (lock) => {
      if (lock) await work();
    })
    : work();

  const sync = async () => {
    try {
      await alone(async () => { await send(); await refresh(); await fieldStore.dropOld(); });
      pause = FIRST_MS;
      later(LONGEST_MS);
    } catch (error) {
      if (!(error instanceof Stop)) throw error;
      later(pause * (0.75 + Math.random() / 2));
      pause = Math.min(2 * pause, LONGEST_MS);
    } finally {
      tell({});
    }
  };

  addEventListener("online", () => { pause = FIRST_MS; later(0); });
  addEventListener("offline", () => tell({line: false}));
  document.addEventListener("visibilitychange", () => { if (!document.hidden) later(0); });

  return {
    ask,
    meet,
    soon: () => later(0),
    state: () => state,
    hear: (listener) => listeners.add(listener),
    Stop,
  };
})();
