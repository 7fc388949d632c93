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

function draw(state) {
  at("terminal").textContent = state.terminal;
  at("customer").textContent = state.customer;
  at("link").textContent = state.link_words;
  at("said").textContent = state.said;
  at("said").className = state.tone;
  drawLines(state.lines);
  at("payable").textContent = state.lines.length ? `${state.currency} ${state.payable}` : "";
  at("near").replaceChildren(...state.notes.map((text) => {
    const made = document.createElement("li");
    made.textContent = text;
    return made;
  }));
  at("waiting").textContent = state.waiting.join(" · ");
  at("last").textContent = state.last_order ? `${state.last_order}: ${state.last_status}` : "";
}

async function refresh() {
  try {
    const response = await fetch("/state");
    draw(await response.json());
  } catch {
    at("said").textContent = document.body.dataset.noAnswer;
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
