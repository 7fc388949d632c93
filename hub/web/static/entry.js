// Order entry: one field for scans, codes and names; what is pressed is sent without leaving it.
(() => {
  const form = () => document.getElementById("form");

  // Sends a field along with the order; what an answer has not yet taken is sent again with the next.
  const send = (name, value) => {
    const field = document.createElement("textarea");
    field.hidden = true;
    field.name = name;
    field.value = value;
    field.dataset.pending = "";
    form().append(field);
    form().dispatchEvent(new Event("recheck"));
  };

  const options = (box) => [...box.querySelectorAll("[role=option]")];
  const marked = (box) => options(box).find((one) => one.ariaSelected === "true");
  const mark = (box, field, step) => {
    const all = options(box);
    const now = all.indexOf(marked(box));
    const next = all[Math.min(all.length - 1, Math.max(0, now + step))];
    all.forEach((one) => { one.ariaSelected = String(one === next); });
    if (next) field.setAttribute("aria-activedescendant", next.id);
    next?.scrollIntoView({block: "nearest"});
  };

  const enter = (box, field) => {
    const option = marked(box);
    const name = box.dataset.enters;
    const text = field.value.trim();
    if (name === "pick") field.value = "";
    if (option) send(name, option.querySelector("button").value);
    else if (text) send(name === "pick" ? "adding" : name, text);
    if (name !== "pick") document.getElementById("add").focus();
    field.removeAttribute("aria-activedescendant");
  };

  document.addEventListener("keydown", (event) => {
    const box = event.target.closest?.("[data-enters]");
    if (!box || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (!event.target.matches("input,textarea")) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      enter(box, event.target);
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      mark(box, event.target, event.key === "ArrowDown" ? 1 : -1);
    }
  });

  document.addEventListener("paste", (event) => {
    const text = event.clipboardData?.getData("text") ?? "";
    if (event.target.id !== "add" || !text.trim().includes("\n")) return;
    event.preventDefault();
    send("adding", text);
  });

  document.addEventListener("scanned", (event) => send("adding", event.detail));

  document.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!button?.hasAttribute("data-live")) return;
    event.preventDefault();
    if (button.name === "pick") document.getElementById("add").value = "";
    if (button.value === "check") {
      const field = document.getElementById("add");
      const text = field.value.trim();
      field.value = "";
      if (text) send("adding", text);
      else form().dispatchEvent(new Event("recheck"));
    } else send(button.name, button.value);
    if (document.activeElement === button || document.activeElement === document.body) {
      document.getElementById("add").focus();
    }
  }, true);

  // A list that is too long is never taken: what is typed next has to be sent without it.
  document.addEventListener("htmx:response:error", (event) => {
    if (event.detail.ctx.response.status !== 413) return;
    document.querySelectorAll("[data-pending]").forEach((one) => one.remove());
  });

  // What the hub has made of a field stands in it, unless somebody is just typing there.
  document.addEventListener("htmx:after:swap", () => {
    document.querySelectorAll("[data-pending]").forEach((one) => one.remove());
    for (const place of document.querySelectorAll("[data-now]")) {
      const field = place.querySelector("input,select");
      if (field !== document.activeElement && field.value !== place.dataset.now) {
        field.value = place.dataset.now;
      }
    }
  });

  const customer = document.querySelector("[data-enters=choose] input");
  if (customer && !customer.value) customer.focus();
})();
