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
refresh();
setInterval(refresh, POLL_MS);
