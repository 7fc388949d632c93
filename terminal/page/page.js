"use strict";

const POLL_MS = 700;
const at = (id) => document.getElementById(id);

function cell(row, text) {
  const made = document.createElement("td");
  made.textContent = text;
  row.append(made);
}

function drawLines(lines) {
  const rows = lines.map((line) => {
    const row = document.createElement("tr");
    cell(row, line.packs ? `${line.packs} = ${line.quantity}` : line.quantity);
    cell(row, line.name);
    cell(row, line.unpriced ? document.body.dataset.noPrice : line.amount);
    row.classList.toggle("unpriced", line.unpriced);
    return row;
  });
  at("lines").replaceChildren(...rows);
}

function drawGifts(gifts) {
  const rows = gifts.map((gift) => {
    const row = document.createElement("tr");
    cell(row, gift.quantity);
    cell(row, gift.scheme ? `${gift.name} · ${gift.scheme}` : gift.name);
    cell(row, document.body.dataset.free);
    return row;
  });
  at("gifts").replaceChildren(...rows);
}

function drawSums(sums) {
  const rows = sums.map((sum) => {
    const row = document.createElement("tr");
    cell(row, "");
    const name = document.createElement("th");
    name.scope = "row";
    name.textContent = sum.name;
    row.append(name);
    cell(row, sum.amount);
    return row;
  });
  at("sums").replaceChildren(...rows);
}

// What is said is heard as well: one note for a code taken, two rising for an order, three low for
// what is wrong. A browser lets a page sound once somebody has touched it.
const NOTES = { ok: [880], done: [660, 990], error: [220, 220, 220] };
const GAINS = [0, 0.05, 0.2, 0.8];
let heard = null;
let sounds = null;

function sound(tone, volume) {
  sounds ??= new AudioContext();
  sounds.resume();
  NOTES[tone].forEach((pitch, place) => {
    const note = new OscillatorNode(sounds, { frequency: pitch });
    const starts = sounds.currentTime + place * 0.16;
    note.connect(new GainNode(sounds, { gain: GAINS[volume] })).connect(sounds.destination);
    note.start(starts);
    note.stop(starts + 0.12);
  });
  document.body.dataset.sounded = `${tone} ${volume}`;
}

function hear(state) {
  const isNew = heard !== null && state.told !== heard;
  heard = state.told;
  if (isNew && state.volume && navigator.userActivation?.hasBeenActive) sound(state.tone, state.volume);
}

function put(id, text) {
  // What has not changed is not written anew: a screen reader would say it again and again.
  if (at(id).textContent !== text) at(id).textContent = text;
}

function headline(said, light, now) {
  put("said", said);
  put("now", now);
  at("headline").className = light;
}

function drawBanners(banners) {
  const shown = JSON.stringify(banners);
  if (at("banners").dataset.shown === shown) return;
  at("banners").dataset.shown = shown;
  at("banners").replaceChildren(...banners.map((banner) => {
    const made = document.createElement("li");
    made.textContent = banner.text;
    made.className = banner.light;
    return made;
  }));
}

function draw(state) {
  at("terminal").textContent = state.terminal;
  at("customer").textContent = state.customer;
  put("operator", state.operator);
  at("link").textContent = state.link_words;
  headline(state.said, state.light, state.now);
  drawBanners(state.banners);
  drawLines(state.lines);
  drawGifts(state.gifts);
  drawSums(state.sums);
  hear(state);
  at("order").hidden = !state.lines.length;
  at("payable").textContent = state.payable ? `${state.currency} ${state.payable}` : "";
  at("near").replaceChildren(...state.notes.map((text) => {
    const made = document.createElement("li");
    made.textContent = text;
    return made;
  }));
  at("last").textContent = state.last_order ? `${state.last_order}: ${state.last_status}` : "";
}

async function refresh() {
  try {
    const response = await fetch("/state");
    draw(await response.json());
  } catch {
    headline(document.body.dataset.noAnswer, "red", "");
  }
}

async function send(code) {
  await fetch("/scan", { method: "POST", body: code });
  await refresh();
}

at("scan").addEventListener("submit", (event) => {
  event.preventDefault();
  const box = at("code");
  if (box.value.trim()) send(box.value);
  box.value = "";
  box.focus();
});
document.querySelectorAll("[data-code]").forEach((button) => {
  button.addEventListener("click", () => send(button.dataset.code));
});
document.addEventListener("scanned", (event) => send(event.detail));
refresh();
setInterval(refresh, POLL_MS);
