// What the pages need beyond htmx: true "ago" words, dialogs, the live lamp and the search key.
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
  setInterval(tick, 5000);
  document.addEventListener("htmx:after:swap", tick);

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (opener) document.getElementById(opener.dataset.opens).showModal();
    const closer = event.target.closest("[data-closes]");
    if (closer) closer.closest("dialog").close();
  });

  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
    const search = document.querySelector("input[type=search]");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && search) {
      event.preventDefault();
      search.focus();
      search.select();
    }
  });

  const lamp = (state, name) => {
    for (const element of document.querySelectorAll(".ow-live")) {
      element.dataset.state = state;
      element.textContent = words[name];
    }
  };
  document.addEventListener("htmx:sse:after:connection", () => lamp("live", "live.connected"));
  document.addEventListener("htmx:sse:error", (event) => {
    if (event.detail.status === 401) location.reload();
    lamp("lost", "live.again");
  });
  // The session has ended: loading the page again asks who is there, and leads back here.
  document.addEventListener("signed-out", () => location.reload());
  document.addEventListener("htmx:sse:close", () => lamp("lost", "live.lost"));
  // The server ends every stream on its way down; what follows is a new attempt.
  document.addEventListener("htmx:sse:before:connection", (event) => {
    if (event.detail.connection.attempt > 0) lamp("lost", "live.again");
  });
})();
