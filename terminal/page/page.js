"use strict";

const POLL_MS = 700;
const LINKS = { online: "Hub: there", hub_away: "Hub: away", offline: "No connection" };
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
    cell(row, line.unpriced ? "no price" : line.amount);
    row.classList.toggle("unpriced", line.unpriced);
    return row;
  });
  at("lines").replaceChildren(...rows);
}

function draw(state) {
  at("terminal").textContent = state.terminal;
  at("customer").textContent = state.customer;
  at("link").textContent = LINKS[state.link];
  at("said").textContent = state.said;
  at("said").className = state.tone;
  drawLines(state.lines);
  at("payable").textContent = state.lines.length ? `${state.currency} ${state.payable}` : "";
  const coupons = state.coupons.map((code) => `Coupon ${code}`);
  const notes = [...coupons, ...state.coupon_notes, ...state.offers, ...state.near, ...state.held_back];
  at("near").replaceChildren(...notes.map((text) => {
    const made = document.createElement("li");
    made.textContent = text;
    return made;
  }));
  const waiting = [];
  if (state.queued) waiting.push(`${state.queued} orders wait for an answer`);
  if (state.parked) waiting.push(`${state.parked} orders were refused`);
  if (state.slips_waiting) waiting.push(`${state.slips_waiting} slips wait (printer: ${state.printer})`);
  if (state.slips_unknown) waiting.push(`${state.slips_unknown} slips may not have printed`);
  if (state.pack_hold) waiting.push(`prices as before, a new rule pack waits: ${state.pack_hold}`);
  at("waiting").textContent = waiting.join(" · ");
  at("last").textContent = state.last_order ? `${state.last_order}: ${state.last_status}` : "";
}

async function refresh() {
  try {
    const response = await fetch("/state");
    draw(await response.json());
  } catch {
    at("said").textContent = "The terminal does not answer";
    at("said").className = "error";
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
refresh();
setInterval(refresh, POLL_MS);
