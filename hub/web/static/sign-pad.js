// A pad to sign on by finger or mouse: its strokes are the text of the field within.
const signPad = (() => {
  // The pad has units of its own, so that a signature is the same on every screen.
  const WIDE = 1000;
  const HIGH = 300;
  const APART = 6;
  const MOST_POINTS = 1500;

  const within = (value, most) => Math.max(0, Math.min(most, Math.round(value)));

  // `place` has an svg with a path, an input, and a button that wipes.
  return (place) => {
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
    draw();
    place.hidden = false;
  };
})();
