// Follow the system's light or dark setting, and what was folded; before the styles, so that
// nothing flashes.
(() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const follow = () => {
    root.dataset.bsTheme = dark.matches ? "dark" : "light";
  };
  dark.addEventListener("change", follow);
  follow();
  for (const name of ["nav", "rows"]) {
    const kept = localStorage.getItem("orderwire-" + name);
    if (kept) root.dataset[name] = kept;
  }
})();
