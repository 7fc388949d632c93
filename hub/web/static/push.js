// Has this device show the reader's notices by itself: asked for by a button, never without one.
(() => {
  const card = document.querySelector("[data-push]");
  if (!card || !navigator.serviceWorker || !window.PushManager) return;
  const on = card.querySelector("[data-push-on]");
  const off = card.querySelector("[data-push-off]");
  const fault = card.querySelector("[data-push-fault]");
  card.hidden = false;

  const show = (isOn) => { on.hidden = isOn; off.hidden = !isOn; };
  const send = (path, said) => fetch(path, {method: "POST", body: new URLSearchParams(said)});
  const code = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));

  // The hub forgets a device whose person has signed out: whoever is signed in now is told.
  const tell = async (one) => {
    const answer = await send("/notices/devices", {
      endpoint: one.endpoint, point: code(one.getKey("p256dh")), secret: code(one.getKey("auth"))});
    if (!answer.ok) throw new Error(`${answer.status}`);
    show(true);
  };

  const worker = () => navigator.serviceWorker.register("/notices/worker.js", {scope: "/notices"});

  const begin = async () => {
    fault.hidden = true;
    try {
      await worker();
      const ready = await navigator.serviceWorker.ready;
      await tell(await ready.pushManager.subscribe({userVisibleOnly: true, applicationServerKey: bytes(card.dataset.push)}));
    } catch {
      fault.hidden = false;
    }
  };

  const end = async () => {
    const one = await (await worker()).pushManager.getSubscription();
    if (one) {
      await send("/notices/devices/drop", {endpoint: one.endpoint});
      await one.unsubscribe();
    }
    show(false);
  };

  on.addEventListener("click", begin);
  off.addEventListener("click", end);
  navigator.serviceWorker.getRegistration("/notices")
    .then((found) => found?.pushManager.getSubscription())
    .then((one) => one && tell(one))
    .catch(() => { fault.hidden = false; });
})();
