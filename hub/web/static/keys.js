// The keyboard: search, go to a page, walk through rows, approve, send; and the box that finds.
(() => {
  const words = JSON.parse(document.body.dataset.words);

  // Scanners that type write the separator of GS1 codes as Ctrl+]: without it a batch has no end.
  document.addEventListener("keydown", (event) => {
    const field = event.target;
    if (!event.ctrlKey || event.key !== "]" || !field.matches?.("#scan,#add")) return;
    event.preventDefault();
    field.setRangeText("\x1d", field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", {bubbles: true}));
  });

  let went = false;

  const open = (name) => {
    const dialog = document.getElementById(name);
    if (!dialog || dialog.open) return;
    dialog.showModal();
    dialog.querySelector("input")?.dispatchEvent(new Event("opened"));
  };
  document.getElementById("find")?.addEventListener("opened", () => {
    document.getElementById("find-text").dispatchEvent(new Event("opened"));
  });

  const search = () => {
    const field = document.querySelector("[data-search]");
    if (!field) return open("find");
    field.focus();
    field.select();
  };

  const rows = () => [...document.querySelectorAll("tr[data-row]")];
  const walk = (step) => {
    const all = rows();
    const now = all.findIndex((row) => row.contains(document.activeElement));
    const next = all[Math.min(all.length - 1, Math.max(0, now + step))];
    (next?.querySelector("td a[href]") ?? next?.querySelector("input"))?.focus();
  };
  const choose = () => {
    const row = document.activeElement.closest("tr[data-row]");
    row?.querySelector("input[name=key]")?.click();
  };

  const sure = document.getElementById("sure");
  // The page goes on beneath the question: a button may be another step's by then, or of other content.
  const stepOf = (button) => [button.textContent.trim(), button.form?.action, ...new FormData(button.form ?? undefined).values()].join("\n");
  let asked = null;
  const press = (key) => {
    const buttons = [...document.querySelectorAll("[data-key]")];
    const button = buttons.find((one) => one.dataset.key === key && !one.disabled);
    if (!button) return false;
    if (!button.hasAttribute("data-asks")) button.click();
    else {
      asked = {button, step: stepOf(button)};
      const name = document.querySelector("h1").textContent.trim();
      const said = words["keys.sure"];
      document.getElementById("sure-title").textContent = said
        .replace("{step}", button.textContent.trim()).replace("{name}", name);
      sure.showModal();
      sure.querySelector("[data-sure]").focus();
    }
    return true;
  };
  sure?.querySelector("[data-sure]").addEventListener("click", () => {
    sure.close();
    if (asked && asked.step === stepOf(asked.button)) asked.button.click();
  });

  const go = (key) => {
    const links = [...document.querySelectorAll(".ow-side [data-go]")];
    links.find((one) => one.dataset.go === key)?.click();
  };

  const KEYS = {
    "/": search,
    "?": () => open("keys"),
    j: () => walk(1),
    k: () => walk(-1),
    x: choose,
  };

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "k") {
      event.preventDefault();
      return open("find");
    }
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
      document.querySelector("[data-form], [data-sends]")?.requestSubmit();
      return;
    }
    const typing = event.target.closest?.("input:not([type=checkbox]), textarea, select, dialog[open]");
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (went) {
      went = false;
      return go(event.key);
    }
    if (event.key === "g") {
      went = true;
      setTimeout(() => { went = false; }, 1500);
    } else if (KEYS[event.key]) {
      event.preventDefault();
      KEYS[event.key]();
    } else if (/^[a-z]$/.test(event.key) && press(event.key)) {
      event.preventDefault();
    }
  });

  // In the box that finds, the arrows choose and Enter opens; the focus stays where one types.
  const box = document.getElementById("find-text");
  const options = () => [...document.querySelectorAll("#found [role=option]")];
  const mark = (step) => {
    const all = options();
    const now = all.findIndex((one) => one.ariaSelected === "true");
    const next = Math.min(all.length - 1, Math.max(0, now + step));
    all.forEach((one, index) => { one.ariaSelected = String(index === next); });
    all[next]?.scrollIntoView({block: "nearest"});
  };
  box?.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      mark(event.key === "ArrowDown" ? 1 : -1);
    }
  });
  // What stands there is of what was typed before, until the answer comes: the page of what is found is asked for then.
  const isFound = () => document.querySelector("#found [data-of]")?.dataset.of === box.value.trim();
  box?.form.addEventListener("submit", (event) => {
    const all = isFound() ? options() : [];
    const chosen = all.find((one) => one.ariaSelected === "true") ?? all[0];
    if (!chosen) return;
    event.preventDefault();
    chosen.click();
  });

  // By itself htmx begins a turn later: a box that a key opens by then would ask for nothing.
  htmx.process(document.body);
})();
