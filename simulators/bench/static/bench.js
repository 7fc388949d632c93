// The bench page: sends what hands do, shows what the server tells.

const $ = (id) => document.getElementById(id);
const TILES_SHOWN = 120;
const FIRST_OF_GROUP = 6;
const QUANTITIES = [2, 3, 5, 6, 10, 12, 24, 100];
const ZOOMS = [0.4, 0.5, 0.6, 0.75, 1];

let products = [];
let found = []; // the products shown, in their order
let chosen = null; // the only group shown
let paperWidth = 576;
let faults = [];
let sound = null;

function make(tag, attributes = {}, ...children) {
  const element = Object.assign(document.createElement(tag), attributes);
  element.append(...children);
  return element;
}

// ---- What hands do ----

async function post(path, body = "") {
  try {
    const answer = await fetch(path, { method: "POST", body });
    if (answer.ok) return;
    const text = await answer.text();
    const said = text.startsWith("{") ? JSON.parse(text) : { detail: text };
    toast([said.detail, said.fix].filter(Boolean).join(": "));
  } catch {
    toast("The bench does not answer: is it still running?");
  }
}

// A hand reads one symbol after another; two that travelled at once could arrive in either order.
let scanned = Promise.resolve();
function scan(code) {
  scanned = scanned.then(() => post("/scan", code));
  // A real scanner types into the search box, so it must be ready again at once.
  $("code").focus({ preventScroll: true });
}

let toastTimer = 0;
function toast(text) {
  $("toast").textContent = text;
  $("toast").hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => { $("toast").hidden = true; }, 5000);
}

// ---- The shelf ----

function hue(group) {
  let sum = 7;
  for (const letter of group) sum = (sum * 31 + letter.codePointAt(0)) % 3600;
  return sum / 10;
}

function showShelf() {
  const words = $("code").value.toLowerCase().split(/\s+/).filter(Boolean);
  const matching = products.filter((p) => words.every((word) => p.searched.includes(word)));
  const groups = Map.groupBy(matching, (p) => p.group);
  if (!groups.has(chosen)) chosen = null;
  const shown = chosen === null ? [...groups] : [[chosen, groups.get(chosen)]];
  // Everything at once is too much to look at: of each group only its first products.
  const each = words.length || chosen !== null ? TILES_SHOWN : FIRST_OF_GROUP;
  found = [];
  const tiles = [];
  for (const [group, members] of shown) {
    const some = members.slice(0, Math.min(each, TILES_SHOWN - found.length));
    if (!some.length) break;
    if (group) tiles.push(make("h2", { textContent: group }));
    tiles.push(...some.map(tile));
    found.push(...some);
  }
  if (words.length && found.length) tiles.find((t) => t.className === "tile").classList.add("next");
  $("tiles").replaceChildren(...tiles);
  $("groups").replaceChildren(...[...groups].map(([group, { length }]) => chip(group, length)));
  $("groups").hidden = groups.size < 2 && chosen === null;
  $("count").textContent = `${found.length} of ${products.length} products shown`
    + (words.length ? " · Enter scans the first" : "");
}

function chip(group, count) {
  const element = make("button", { type: "button", textContent: group || "other" },
    make("small", { textContent: count }));
  element.setAttribute("aria-pressed", String(group === chosen));
  element.addEventListener("click", () => {
    chosen = group === chosen ? null : group;
    showShelf();
    $("tiles").scrollTop = 0;
  });
  return element;
}

function tile(product) {
  const element = make("button", { className: "tile", type: "button", title: product.name },
    make("b", { textContent: product.name }), make("span", { textContent: product.note }),
    make("code", { textContent: product.code }));
  element.style.setProperty("--hue", hue(product.group));
  element.addEventListener("click", () => {
    element.classList.remove("scanned");
    void element.offsetWidth; // starts the laser anew
    element.classList.add("scanned");
    scan(product.code);
  });
  return element;
}

// Enter scans what was typed as it is, unless the words are plainly a search.
function entered() {
  const typed = $("code").value.trim();
  if (!typed) return;
  const exact = products.some((p) => p.code === typed) || /^[\d()\]\[A-Z-]*\d[\w()-]*$/.test(typed)
    || /^OW-/i.test(typed);
  scan(exact || !found.length ? typed : found[0].code);
  $("code").value = "";
  showShelf();
}

// ---- The terminal's screen ----

const LINK = { online: ["green", "Hub online"], hub_away: ["amber", "Hub away"],
  offline: ["red", "No connection"] };
const PRINTER = { ready: ["green", "Printer ready"], paper_out: ["red", "Printer: no paper"],
  cover_open: ["red", "Printer: cover open"], offline: ["red", "Printer offline"],
  none: ["", "No printer"] };

function lamp(id, [colour, words]) {
  $(id).dataset.on = colour;
  $(id).querySelector("em").textContent = words;
}

let before = "";
function showScreen(s) {
  if (!s) {
    $("screen").dataset.tone = "off";
    $("s-said").textContent = "The terminal does not answer.";
    for (const id of ["l-link", "l-printer", "l-queue"]) $(id).dataset.on = "";
    return;
  }
  $("s-terminal").textContent = s.terminal;
  $("s-customer").textContent = s.customer;
  $("screen").dataset.tone = s.tone;
  $("screen").dataset.light = s.light;
  $("s-said").textContent = s.said || "Ready to scan.";
  $("s-now").textContent = s.now;
  $("s-banners").replaceChildren(...s.banners.map(({ text, light }) =>
    make("li", { textContent: text, className: light })));
  $("s-read").textContent = s.read ? `read ${s.read}` : "";
  $("s-lines").replaceChildren(...s.lines.map(row));
  $("s-empty").hidden = s.lines.length > 0;
  const coupons = s.coupons.map((code) => `Coupon ${code}`);
  const notes = [...coupons, ...s.coupon_notes, ...s.offers, ...s.near, ...s.held_back];
  $("s-near").replaceChildren(...notes.map((words) => make("li", { textContent: words })));
  $("s-total").hidden = s.lines.length === 0;
  $("s-total").querySelector("b").textContent = `${s.currency} ${s.payable}`.trim();
  $("s-last").textContent = s.last_order ? `Last order ${s.last_order}: ${s.last_status}` : "";
  lamp("l-link", LINK[s.link] ?? ["", s.link]);
  lamp("l-printer", PRINTER[s.printer] ?? ["amber", "Printer unknown"]);
  lamp("l-queue", queue(s));
  const now = JSON.stringify([s.said, s.tone, s.read, s.lines]);
  if (before && now !== before) beep(s.tone);
  before = now;
  const lines = $("s-lines").closest(".lines");
  lines.scrollTop = lines.scrollHeight;
}

function row(line) {
  return make("tr", { className: line.unpriced ? "unpriced" : "" },
    make("td", { textContent: `${line.packs ? `${line.packs} = ` : ""}${line.quantity} ×` }), make("td", { textContent: line.name }),
    make("td", { textContent: line.amount || "no price" }));
}

function queue(s) {
  if (s.parked) return ["red", `${s.parked} refused`];
  if (s.queued) return ["amber", `${s.queued} waiting${s.oldest_s ? `, ${s.oldest_s} s` : ""}`];
  if (s.slips_waiting) return ["amber", `${s.slips_waiting} slips to print`];
  return ["green", "Outbox empty"];
}

let beepTimer = 0;
function beep(tone) {
  $("l-beep").dataset.on = tone === "error" ? "red" : "green";
  clearTimeout(beepTimer);
  beepTimer = setTimeout(() => { $("l-beep").dataset.on = ""; }, tone === "error" ? 700 : 250);
  if (!sound) return;
  const notes = { ok: [1760], error: [220, 220], done: [1319, 1760] }[tone] ?? [1760];
  notes.forEach((note, i) => {
    const voice = new OscillatorNode(sound, { frequency: note, type: "square" });
    const volume = new GainNode(sound, { gain: 0.05 });
    voice.connect(volume).connect(sound.destination);
    voice.start(sound.currentTime + i * 0.14);
    voice.stop(sound.currentTime + i * 0.14 + 0.11);
  });
}

// ---- The paper ----

function slipElement(number) {
  const known = $("roll").querySelector(`[data-slip="${number}"]`);
  if (known) return known;
  $("no-paper").hidden = true;
  const element = make("article", { className: "slip" });
  element.dataset.slip = number;
  $("roll").append(element);
  return element;
}

function addStrip({ slip, index, dots, text }) {
  const strip = text.trim()
    ? make("img", { src: `/paper/${slip}/${index}.png`, alt: text, className: "strip" })
    : make("div", { className: "strip" });
  strip.style.aspectRatio = `${paperWidth} / ${Math.max(dots, 1)}`;
  slipElement(slip).append(strip);
  toEnd();
}

function cut({ slip }) {
  const element = $("roll").querySelector(`[data-slip="${slip}"]`);
  if (!element) return;
  element.classList.add("cut");
  const away = make("button", { type: "button", textContent: "Take away" });
  away.addEventListener("click", () => { element.remove(); bare(); });
  element.append(make("nav", {},
    make("a", { href: `/paper/${slip}.png`, target: "_blank", textContent: "Picture" }),
    make("a", { href: `/paper/${slip}.txt`, target: "_blank", textContent: "Text" }), away));
  toEnd();
}

function bare() {
  $("no-paper").hidden = $("roll").querySelector(".slip") !== null;
}

function toEnd() {
  $("roll").scrollTop = $("roll").scrollHeight;
}

function zoom(step) {
  const printer = document.querySelector(".printer").style;
  const kept = localStorage.getItem("zoom");
  // Until somebody chooses, the size fits the window (see the style sheet).
  if (!step && kept === null) return;
  const level = Math.min(Math.max(Number(kept ?? 2) + step, 0), ZOOMS.length - 1);
  localStorage.setItem("zoom", level);
  printer.setProperty("--dot", `${ZOOMS[level]}px`);
  toEnd();
}

// ---- Switches ----

const WORDS = { paper_out: "Paper out", cover_open: "Cover open", offline: "Offline",
  paper_near_end: "Paper near end" };

function showFaults(now) {
  faults = now;
  for (const box of document.querySelectorAll("[data-switch^=printer]")) {
    box.checked = faults.includes(box.dataset.switch.split("/")[1]);
  }
  const stopped = faults.some((fault) => fault !== "paper_near_end");
  $("p-power").dataset.on = faults.includes("offline") ? "" : "green";
  $("p-paper").dataset.on = faults.includes("paper_out") ? "red"
    : faults.includes("paper_near_end") ? "amber" : "";
  $("p-error").dataset.on = stopped ? "red" : "";
  $("p-words").textContent = faults.map((fault) => WORDS[fault]).join(", ") || "Ready";
}

// ---- Faults by name, events, recording ----

const PARTS = { line: "The line", broker: "The broker", hub: "The hub", terminals: "Terminals",
  strangers: "Strangers", database: "The database" };
const EVENTS_SHOWN = 120;

function say(name) {
  return name.replaceAll("_", " ");
}

async function showFaultList() {
  const known = await (await fetch("/faults")).json();
  $("faults").hidden = known.length === 0;
  const parts = Map.groupBy(known, (fault) => fault.part);
  $("fault-list").replaceChildren(...[...parts].map(([part, some]) =>
    make("div", { className: "part" }, make("h3", { textContent: PARTS[part] ?? part }),
      ...some.map(faultButton))));
}

function faultButton(fault) {
  const button = make("button", { type: "button", textContent: say(fault.name), title: fault.purpose });
  button.dataset.fault = fault.name;
  button.setAttribute("aria-pressed", String(fault.on));
  button.addEventListener("click", async () => {
    button.disabled = true;
    const on = button.getAttribute("aria-pressed") !== "true";
    await post(`/faults/${fault.name}/${on ? "on" : "off"}`);
    button.disabled = false;
  });
  return button;
}

function showGoing(going) {
  for (const button of document.querySelectorAll("[data-fault]")) {
    button.setAttribute("aria-pressed", String(going.includes(button.dataset.fault)));
  }
}

// Many events at once are one look at them.
let eventsTimer = 0;
function eventsChanged() {
  clearTimeout(eventsTimer);
  eventsTimer = setTimeout(showEvents, 120);
}

async function showEvents() {
  const seen = await (await fetch("/timeline.json")).json();
  $("events").replaceChildren(...seen.slice(-EVENTS_SHOWN).reverse().map(eventRow));
  $("no-events").hidden = seen.length > 0;
}

function eventRow(event) {
  const time = new Date(event.at_ms);
  const clock = `${time.toLocaleTimeString("en-GB")}.${String(event.at_ms % 1000).padStart(3, "0")}`;
  const after = event.since_ms === null ? "" : `+${event.since_ms.toLocaleString("en-GB")} ms`;
  const row = make("tr", { className: `step-${event.step}` });
  row.append(...[clock, after, event.step, event.text, event.number].map((text) =>
    make("td", { textContent: text })));
  return row;
}

async function record() {
  const on = $("record").getAttribute("aria-pressed") !== "true";
  await post(`/recording/${on ? "on" : "off"}`);
  showRecording(on);
}

function showRecording(on) {
  $("record").setAttribute("aria-pressed", String(on));
  $("record").textContent = on ? "■ Stop" : "● Record";
  $("save").hidden = on;
}

// ---- Begin ----

function follow() {
  const events = new EventSource("/events");
  const on = (kind, act) => events.addEventListener(kind, (e) => act(JSON.parse(e.data)));
  on("screen", showScreen);
  on("faults", showFaults);
  on("network", (state) => { document.querySelector("[data-switch=network]").checked = state.cut; });
  // A new connection begins with the whole roll.
  on("roll", () => { $("roll").querySelectorAll(".slip").forEach((s) => s.remove()); bare(); });
  on("strip", addStrip);
  on("cut", cut);
  on("stream", ({ reason }) => toast(`The printer does not understand: ${reason}`));
  on("timeline", eventsChanged);
  on("going", showGoing);
  on("drawer", () => toast("The cash drawer opens."));
  events.addEventListener("error", () => showScreen(null));
}

async function begin() {
  const bench = await (await fetch("/bench.json")).json();
  products = bench.products;
  for (const p of products) p.searched = `${p.name} ${p.code} ${p.group} ${p.note}`.toLowerCase();
  paperWidth = bench.width;
  document.title = `${bench.title} · Orderwire bench`;
  $("title").textContent = bench.title;
  document.querySelector(".printer").style.setProperty("--paper", bench.width);
  $("network").hidden = !bench.network;
  $("others").hidden = bench.others.length === 0;
  $("others").replaceChildren(...bench.others.map(({ title, url }) =>
    make("a", { href: url, textContent: title })));
  if (bench.hub_url) {
    $("hub").hidden = false;
    $("hub-link").href = bench.hub_url;
    $("sign-in").textContent = bench.sign_in && `sign in: ${bench.sign_in}`;
  }
  QUANTITIES.forEach((n) => $("free").before(
    Object.assign(make("button", { className: "key", type: "button", textContent: n }),
      { onclick: () => scan(`OW-QTY-${n}`) })));
  zoom(0);
  showShelf();
  await showFaultList();
  await showEvents();
  follow();
  $("code").disabled = false;
  $("code").focus();
}

$("search").addEventListener("submit", (e) => { e.preventDefault(); entered(); });
$("code").addEventListener("input", showShelf);
$("free").addEventListener("submit", (e) => {
  e.preventDefault();
  if ($("number").value) scan(`OW-QTY-${$("number").value}`);
  $("number").value = "";
});
document.querySelectorAll("[data-scan]").forEach((key) => key.addEventListener("click",
  () => scan(key.dataset.scan)));
document.querySelectorAll("[data-switch]").forEach((box) => box.addEventListener("change",
  () => post(`/${box.dataset.switch}/${box.checked ? "on" : "off"}`)));
$("record").addEventListener("click", record);
$("tear").addEventListener("click", () => post("/tear"));
$("clear").addEventListener("click", () => {
  $("roll").querySelectorAll(".slip.cut").forEach((slip) => slip.remove());
  bare();
});
addEventListener("resize", toEnd);
$("smaller").addEventListener("click", () => zoom(-1));
$("larger").addEventListener("click", () => zoom(1));
$("sound").addEventListener("click", () => {
  sound = sound ? void sound.close() ?? null : new AudioContext();
  $("sound").textContent = sound ? "♪ on" : "♪ off";
  $("sound").setAttribute("aria-pressed", String(Boolean(sound)));
});

begin();
