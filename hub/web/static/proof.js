// Proof of delivery: a signature, and photos that are kept as they are taken.
(() => {
  const LONGEST_MS = 60_000;

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

  document.querySelectorAll("[data-signs]").forEach(signPad);
  document.querySelectorAll("[data-proves]").forEach(openCamera);
})();
