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

  const marked = (box) => box.querySelector("[role=option][aria-selected=true]");
  const customer = () => document.querySelector("[data-enters=choose] input");
  const fieldToAdd = () => document.getElementById("add");

  let choosing = false;
  const enter = (box, field) => {
    const option = marked(box);
    const name = box.dataset.enters;
    const text = field.value.trim();
    if (name === "pick") field.value = "";
    if (option) send(name, option.value);
    else if (text) send(name === "pick" ? "adding" : name, text);
    if (name !== "pick") {
      choosing = Boolean(text);
      fieldToAdd().focus();
    }
    field.removeAttribute("aria-activedescendant");
  };

  document.addEventListener("keydown", (event) => {
    const box = event.target.closest?.("[data-enters]");
    if (!box || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (!event.target.matches("input,textarea") || event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    enter(box, event.target);
  });

  // Where a text means several customers, or none, its field is gone back to, unless goods are typed by now.
  document.addEventListener("htmx:after:swap", () => {
    if (!choosing) return;
    choosing = false;
    const told = document.querySelector("[data-enters=choose] [data-choose]");
    if (told) told.hidden = false;
    const open = told ?? document.querySelector("[data-enters=choose] .ow-wrong");
    if (open && !fieldToAdd().value && document.activeElement === fieldToAdd()) customer().focus();
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
    if (button.name === "pick") fieldToAdd().value = "";
    if (button.value === "check") {
      const field = fieldToAdd();
      const text = field.value.trim();
      field.value = "";
      if (text) send("adding", text);
      else form().dispatchEvent(new Event("recheck"));
    } else send(button.name, button.value);
    if (document.activeElement === button || document.activeElement === document.body) {
      fieldToAdd().focus();
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

  if (customer()?.value === "") customer().focus();
})();
