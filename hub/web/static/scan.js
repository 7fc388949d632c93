// The camera as a scanner, where the browser reads bar codes by itself and the page is a safe one.
// A button that names a field sends that field's form with each code: the page that answers opens
// the camera again, and says in front of it what became of the code.
(() => {
  const WANTED = ["ean_13", "ean_8", "upc_a", "upc_e", "code_128", "itf", "data_matrix", "qr_code"];
  const LOOK_MS = 150;
  // A code in front of the camera is taken once; it has to be away for so long to be taken again.
  const AWAY_MS = 1200;
  const GOES_ON = "orderwire-scans";

  const supported = async () => {
    if (!("BarcodeDetector" in window) || !navigator.mediaDevices?.getUserMedia) return [];
    const known = await window.BarcodeDetector.getSupportedFormats();
    return WANTED.filter((one) => known.includes(one));
  };

  const element = (name, settings) => Object.assign(document.createElement(name), settings);

  const open = async (button, formats) => {
    const dialog = element("dialog", {className: "ow-dialog ow-camera", ariaLabel: button.textContent.trim()});
    const picture = element("video", {muted: true, playsInline: true});
    const said = element("p", {className: "ow-faint", textContent: button.dataset.hint});
    said.setAttribute("aria-live", "polite");
    const field = document.getElementById(button.dataset.scans);
    const last = field ? sessionStorage.getItem(GOES_ON) : null;
    sessionStorage.removeItem(GOES_ON);
    const came = document.querySelector("#scanned, [role=alert] p");
    if (last && came) said.textContent = came.textContent.trim();
    const close = element("button", {className: "btn", type: "button", textContent: button.dataset.closing});
    dialog.append(picture, said, close);
    document.body.append(dialog);
    dialog.showModal();
    let stream = null;
    dialog.addEventListener("close", () => {
      stream?.getTracks().forEach((one) => one.stop());
      dialog.remove();
      document.getElementById("add")?.focus();
    });
    close.addEventListener("click", () => dialog.close());
    try {
      stream = await navigator.mediaDevices.getUserMedia({video: {facingMode: "environment"}});
    } catch {
      said.textContent = button.dataset.denied;
      return;
    }
    if (!dialog.open) {
      stream.getTracks().forEach((one) => one.stop());
      return;
    }
    picture.srcObject = stream;
    await picture.play();
    const detector = new window.BarcodeDetector({formats});
    const seen = new Map(last ? [[last, performance.now()]] : []);
    const look = async () => {
      if (!dialog.open) return;
      const found = await detector.detect(picture).catch(() => []);
      if (!dialog.open) return;  // whoever closed the camera meanwhile is scanning no more
      const now = performance.now();
      for (const {rawValue} of found) {
        const fresh = now - (seen.get(rawValue) ?? -AWAY_MS) >= AWAY_MS;
        seen.set(rawValue, now);
        if (!fresh) continue;
        said.textContent = rawValue;
        navigator.vibrate?.(40);
        if (field) {
          field.value = rawValue;
          sessionStorage.setItem(GOES_ON, rawValue);
          field.form.requestSubmit();
          return;
        }
        document.dispatchEvent(new CustomEvent("scanned", {detail: rawValue}));
      }
      setTimeout(look, LOOK_MS);
    };
    look();
  };

  supported().then((formats) => {
    if (!formats.length) return;
    document.documentElement.dataset.camera = "";
    document.addEventListener("click", (event) => {
      const button = event.target.closest?.("[data-scans]");
      if (button) open(button, formats);
    });
    const going = sessionStorage.getItem(GOES_ON) && document.querySelector("[data-scans]:not([data-scans=''])");
    if (going) open(going, formats);
  });
})();
