// What the pages need beyond htmx: true "ago" words, dialogs and menus, and the live lamp.
(() => {
  // The page brings the words: a script has no language of its own.
  const words = JSON.parse(document.body.dataset.words);
  const UNITS = [[604800, "wk"], [86400, "d"], [3600, "h"], [60, "min"]];

  const ago = (seconds) => {
    if (seconds < 10) return words["ago.now"];
    const [size, unit] = UNITS.find(([size]) => seconds >= size) ?? [1, "s"];
    return words[`ago.${unit}`].replace("{count}", Math.floor(seconds / size));
  };

  // The page says what the hub's clock showed when it was drawn: the visitor's may be wrong.
  const skew = Date.now() - Number(document.body.dataset.now);

  const tick = () => {
    for (const time of document.querySelectorAll("time[data-ago]")) {
      const seconds = Math.max(0, (Date.now() - skew - Number(time.dataset.ago)) / 1000);
      const said = ago(seconds);
      if (time.textContent !== said) time.textContent = said;
    }
  };
  // Before the page's first picture: keys that are pressed at once must not fall beside the field.
  if (document.activeElement === document.body && !location.hash) {
    const typed = "input:not([type=hidden],[type=checkbox],[type=radio],[type=file]),select,textarea";
    const shown = (all) => [...all].filter((one) => !one.disabled && one.checkVisibility());
    // Of a form in which something has to be filled, the first such field or the list to choose from before
    // it: what is chosen there beforehand may not be what is meant. Of any other form, its first field.
    const forms = "[data-form],[data-sends],.ow-narrow";
    const fields = shown(document.querySelectorAll(typed)).filter((one) => one.closest(forms));
    const lacks = (one) => one.matches("[required],[aria-required=true]") && !one.value;
    const next = fields.some(lacks) ? fields.find((one) => lacks(one) || one.matches("select")) : fields[0];
    const [first] = shown(document.querySelectorAll("[autofocus]"));
    (first ?? next)?.focus();
  }

  setInterval(tick, 5000);
  document.addEventListener("htmx:after:swap", tick);

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (opener) {
      const dialog = document.getElementById(opener.dataset.opens);
      dialog.showModal();
      dialog.dispatchEvent(new Event("opened"));
    }
    const closer = event.target.closest("[data-closes]");
    if (closer) closer.closest("dialog").close();
    for (const menu of document.querySelectorAll("details.ow-menu[open]")) {
      const isInside = menu.contains(event.target) || event.target.closest("dialog");
      if (!isInside) menu.open = false;
    }
  });
  // What is shown this once would be lost to a second click, and a note would be kept twice: the
  // first one's answer is waited for.
  const going = new WeakSet();
  document.addEventListener("submit", (event) => {
    if (!event.target.elements.namedItem("once") && !event.target.matches(".ow-notes")) return;
    if (going.has(event.target)) event.preventDefault();
    going.add(event.target);
  });
  // Only who comes back to the page as it was left may send it anew: a page that has just been loaded
  // is shown, too, and its form may be on the way by then.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) for (const form of document.forms) going.delete(form);
  });

  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && event.target.closest?.("details.ow-menu[open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  // What is typed into is never replaced, so that what is wrong is told to it apart.
  document.addEventListener("htmx:after:swap", () => {
    for (const field of document.querySelectorAll("[data-field]")) {
      const input = field.querySelector("input,select,textarea");
      if (field.hasAttribute("data-wrong")) input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
    }
  });
  const told = document.getElementById("form-fault");
  told?.focus();
  // Who comes back to a form that was sent and refused is shown it as it was kept, not asked to send it again.
  if (told) history.replaceState(history.state, "", location.href);

  // What the hub did not take of a form is said there, until it takes something again.
  const tellUnsent = (status) => {
    const notes = [...document.querySelectorAll("[data-form] [data-unsent]")];
    const one = notes.find((note) => note.dataset.unsent === String(status)) ?? notes.at(-1);
    notes.forEach((note) => { note.hidden = note !== one; });
  };
  document.addEventListener("htmx:response:error", (event) => {
    tellUnsent(event.detail.ctx.response.status);
  });
  document.addEventListener("htmx:error", (event) => {
    if (event.target.matches?.("[data-form]")) tellUnsent(0);
  });

  const root = document.documentElement;
  const keep = (name, value) => {
    root.dataset[name] = value;
    localStorage.setItem("orderwire-" + name, value);
  };
  const fold = document.querySelector("[data-folds]");
  const showFold = () => fold?.setAttribute("aria-expanded", String(root.dataset.nav !== "folded"));
  showFold();
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-folds]")) {
      keep("nav", root.dataset.nav === "folded" ? "open" : "folded");
      showFold();
    }
    if (event.target.closest("[data-density]")) {
      keep("rows", root.dataset.rows === "comfortable" ? "compact" : "comfortable");
    }
  });

  const lamp = (state, name) => {
    for (const element of document.querySelectorAll(".ow-live")) {
      element.dataset.state = state;
      element.textContent = words[name];
    }
  };
  document.addEventListener("htmx:sse:after:connection", () => lamp("live", "live.connected"));
  // The session has ended: the hub asks who is there, and leads back here whose page this is, nobody
  // else. Who signs out is on the way already: to go there again would overtake the hub's answer.
  let isSigningOut = false;
  document.addEventListener("submit", (event) => {
    if (event.target.matches("[action='/sign-out']")) isSigningOut = true;
  });
  window.addEventListener("pageshow", (event) => { if (event.persisted) isSigningOut = false; });
  const askWhoIsThere = () => {
    if (isSigningOut) return;
    const here = new URL(location);
    here.searchParams.delete("fresh");  // what was typed is kept as a draft, which that would leave out
    const back = {next: here.pathname + here.search, of: document.body.dataset.user ?? ""};
    location.replace("/sign-in?" + new URLSearchParams(back));
  };
  document.addEventListener("signed-out", askWhoIsThere);
  document.addEventListener("htmx:response:error", (event) => {
    if (event.detail.ctx.response.status === 401) askWhoIsThere();
  });
  document.addEventListener("htmx:sse:error", (event) => {
    if (event.detail.status === 401) askWhoIsThere();
    lamp("lost", "live.again");
  });
  document.addEventListener("htmx:sse:close", () => lamp("lost", "live.lost"));
  // The server ends every stream on its way down; what follows is a new attempt.
  document.addEventListener("htmx:sse:before:connection", (event) => {
    if (event.detail.connection.attempt > 0) lamp("lost", "live.again");
  });

  // What was refused is written over by the next scan, not before it.
  const refused = document.querySelector("input[autofocus]");
  if (refused?.value) {
    refused.focus();
    refused.select();
  }

  // What a text may mean stands in a list under its field: the arrows mark, Enter takes, Escape closes it.
  const listOf = (field) => {
    const list = document.getElementById(field.getAttribute?.("aria-controls") ?? "");
    return list?.matches(".ow-picks") && !list.hidden ? list : null;
  };
  const picksOf = (field) => [...(listOf(field)?.querySelectorAll("[role=option]") ?? [])];
  const mark = (field, one) => {
    for (const other of picksOf(field)) other.ariaSelected = String(other === one);
    if (one) field.setAttribute("aria-activedescendant", one.id);
    else field.removeAttribute("aria-activedescendant");
    one?.scrollIntoView({block: "nearest"});
  };
  const tellPicks = () => {
    for (const field of document.querySelectorAll("[aria-controls][aria-autocomplete]")) {
      const all = picksOf(field);
      if (field.role === "combobox") field.ariaExpanded = String(all.length > 0);
      if (!all.some((one) => one.ariaSelected === "true")) field.removeAttribute("aria-activedescendant");
    }
  };

  // Of several records none is taken that nobody chose; the only one needs no arrow.
  const takeOffer = (field, button) => {
    field.value = button.value;
    mark(field, null);
    field.focus();
    field.form.dispatchEvent(new Event("recheck"));
  };
  const enterOffer = (field) => {
    const all = picksOf(field);
    const taken = all.find((one) => one.ariaSelected === "true") ?? (all.length === 1 ? all[0] : null);
    if (taken) takeOffer(field, taken);
    else if (all.length) listOf(field).parentElement.querySelector("[data-choose]").hidden = false;
  };
  // Enter that comes before the hub's answer to the text is meant of what the answer brings. Some forms read
  // their texts without the spaces around them.
  const isAnswered = (field) => field.closest("[data-field]").dataset.of.trim() === field.value.trim();
  let entered = "";
  const enter = (event) => {
    const field = event.target;
    const marked = picksOf(field).find((one) => one.ariaSelected === "true");
    if (field.matches("[data-presses]") && marked) {
      event.preventDefault();
      marked.click();
    }
    if (!field.matches("[data-offers]")) return;
    if (!isAnswered(field)) {
      event.preventDefault();
      entered = field.id;
      field.form.dispatchEvent(new Event("recheck"));
    } else if (picksOf(field).length) {
      event.preventDefault();
      enterOffer(field);
    }
  };
  document.addEventListener("htmx:after:swap", () => {
    tellPicks();
    const field = document.getElementById(entered);
    entered = "";
    if (field && field === document.activeElement && isAnswered(field)) enterOffer(field);
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-offer]");
    if (button) takeOffer(document.getElementById(button.dataset.offer), button);
  });
  document.addEventListener("input", (event) => {
    if (listOf(event.target)) mark(event.target, null);
  });
  document.addEventListener("keydown", (event) => {
    const field = event.target;
    if (!field.matches?.("[aria-autocomplete]") || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const all = picksOf(field);
    if (event.key === "Enter") enter(event);
    else if (event.key === "Escape" && all.length) {
      listOf(field).hidden = true;
      tellPicks();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!all.length) return;
      event.preventDefault();
      const now = all.findIndex((one) => one.ariaSelected === "true");
      mark(field, all[Math.min(all.length - 1, Math.max(0, now + (event.key === "ArrowDown" ? 1 : -1)))]);
    }
  });
  tellPicks();

  // A file that is too large is told of before it is sent: the connection would end in the middle.
  document.addEventListener("change", (event) => {
    const field = event.target;
    if (field.type !== "file" || !field.dataset.most) return;
    const large = [...field.files].some((one) => one.size > Number(field.dataset.most));
    field.setCustomValidity(large ? field.dataset.tooLarge : "");
    field.reportValidity();
  });
})();
