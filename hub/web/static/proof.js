// Proof of delivery: a pad to sign on by finger or mouse, and photos that are kept as they are taken.
(() => {
  // The pad has units of its own, so that a signature is the same on every screen.
  const WIDE = 1000;
  const HIGH = 300;
  const APART = 6;
  const MOST_POINTS = 1500;
  const LONGEST_MS = 60_000;

  const within = (value, most) => Math.max(0, Math.min(most, Math.round(value)));

  const openPad = (place) => {
    const pad = place.querySelector("svg");
    const line = pad.querySelector("path");
    const field = place.querySelector("input");
    let strokes = field.value ? field.value.split(";").map((one) => one.split(" ")) : [];
    let last = null;
    const draw = () => line.setAttribute("d", strokes.map((one) => "M" + one.join(" ")).join(""));
    const tell = () => {
      field.value = strokes.map((one) => one.join(" ")).join(";");
      field.dispatchEvent(new Event("input", {bubbles: true}));
    };
    const add = (event) => {
      const box = pad.getBoundingClientRect();
      const x = within(((event.clientX - box.left) / box.width) * WIDE, WIDE);
      const y = within(((event.clientY - box.top) / box.height) * HIGH, HIGH);
      const near = last && Math.abs(x - last.x) + Math.abs(y - last.y) < APART;
      if (near || strokes.reduce((sum, one) => sum + one.length, 0) >= MOST_POINTS) return;
      strokes.at(-1).push(`${x},${y}`);
      last = {x, y};
      draw();
    };
    pad.addEventListener("pointerdown", (event) => {
      if (!event.isPrimary) return;
      event.preventDefault();
      pad.setPointerCapture(event.pointerId);
      strokes.push([]);
      last = null;
      add(event);
    });
    pad.addEventListener("pointermove", (event) => { if (pad.hasPointerCapture(event.pointerId)) add(event); });
    // However a stroke ends, lifted, cancelled by a call or cut by another window, what is drawn is told.
    pad.addEventListener("lostpointercapture", () => {
      if (!last && !strokes.at(-1)?.length) strokes.pop();
      tell();
    });
    place.querySelector("[data-wipes]").addEventListener("click", () => {
      strokes = [];
      draw();
      tell();
    });
    place.hidden = false;
  };

  const openCamera = (place) => {
    const field = place.querySelector("input");
    const said = place.querySelector("[role=status]");
    let sender = null;
    // A form that is sent while a photo is on its way would leave the photo behind: it waits for it.
    place.closest("form")?.addEventListener("submit", (event) => {
      if (!field.disabled) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      sender = {form: event.target, button: event.submitter};
      said.textContent = place.dataset.taking;
    }, {capture: true});
    const show = ({address, words}) => {
      const list = document.getElementById("photos");
      if (![...list.children].some((one) => one.getAttribute("href") === address)) {
        const link = Object.assign(document.createElement("a"), {href: address, target: "_blank", rel: "noopener"});
        link.append(Object.assign(document.createElement("img"), {src: address, alt: words, width: 120}));
        list.append(link);
      }
      said.textContent = words;
    };
    field.addEventListener("change", async () => {
      const [file] = field.files;
      if (!file) return;
      said.textContent = place.dataset.taking;
      field.disabled = true;
      let isKept = false;
      try {
        const body = await fieldPhotos.scale(file);
        // Where the line is cut for so long, the photo is told as failed, and the form may go without it.
        const signal = AbortSignal.timeout(LONGEST_MS);
        const answer = await fetch(place.dataset.proves, {method: "POST", body, signal, headers: {"Content-Type": "image/jpeg"}});
        const told = await answer.json();
        isKept = answer.ok;
        if (isKept) show(told);
        else said.textContent = told.words ?? place.dataset.failed;
      } catch (error) {
        const why = error instanceof fieldPhotos.PhotoError ? error.code.replace("photo_", "") : "failed";
        said.textContent = place.dataset[why] ?? place.dataset.failed;
      }
      field.disabled = false;
      field.value = "";
      const {form, button} = sender ?? {};
      sender = null;
      if (isKept) form?.requestSubmit(button);
    });
    place.hidden = false;
  };

  document.querySelectorAll("[data-signs]").forEach(openPad);
  document.querySelectorAll("[data-proves]").forEach(openCamera);
})();
