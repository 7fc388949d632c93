"use strict";

// The camera as a scanner: a live picture where the browser gives one, else a photo that is taken.
// Most phones open this page over plain HTTP, where browsers read no bar codes: so it is done here.
(() => {
  // How wide the six bars and spaces of each symbol of Code 128 are (ISO/IEC 15417, table 1).
  const CODE_128 = "212222222122222221121223121322131222122213122312132212221213221312231212112232122132122231" +
  "113222123122123221223211221132221231213212223112312131311222321122321221312212322112322211" +
  "212123212321232121111323131123131321112313132113132311211313231113231311112133112331132131" +
  "113123113321133121313121211331231131213113213311213131311123311321331121312113312311332111" +
  "314111221411431111111224111422121124121421141122141221112214112412122114122411142112142211" +
  "241211221114413111241112134111111242121142121241114212124112124211411212421112421211212141" +
  "214121412121111143111341131141114113114311411113411311113141114131311141411131211412211214" +
  "211232";
  // The four of each digit of EAN (GS1 General Specifications, 5.2.1.2): set A; C is its negative,
  // and B is C from the other end.
  const DIGITS = ["3211", "2221", "2122", "1411", "1132", "1231", "1114", "1312", "1213", "3112"];
  const FIRST = ["AAAAAA", "AABABB", "AABBAB", "AABBBA", "ABAABB", "ABBAAB", "ABBBAA", "ABABAB", "ABABBA", "ABBABA"];
  const GS = String.fromCharCode(29);
  const OFF = 0.7;
  const LOOK_MS = 120;
  const AWAY_MS = 1500;
  const SIDE = 1600;

  // Widths of one symbol against those that are wanted: how far off they are in modules, at worst.
  function off(runs, at, wanted) {
    let all = 0, modules = 0, worst = 0;
    for (let i = 0; i < wanted.length; i += 1) {
      all += runs[at + i];
      modules += Number(wanted[i]);
    }
    const module = all / modules;
    for (let i = 0; i < wanted.length; i += 1) {
      worst = Math.max(worst, Math.abs(runs[at + i] / module - Number(wanted[i])));
    }
    return worst;
  }

  function nearest(runs, at, choices) {
    let best = -1, least = OFF;
    choices.forEach((wanted, place) => {
      const far = off(runs, at, wanted);
      if (far < least) {
        least = far;
        best = place;
      }
    });
    return best;
  }

  const reversed = (widths) => [...widths].reverse().join("");
  const BOTH = [...DIGITS, ...DIGITS.map(reversed)];

  function checked(digits) {
    const sum = [...digits].reverse().reduce((all, digit, at) => all + Number(digit) * (at % 2 ? 3 : 1), 0);
    return sum % 10 === 0 ? digits : null;
  }

  // An EAN from its first bar on: guards of 1 module, two halves, a guard of five between them.
  function ean(runs, at, half) {
    const right = at + 3 + half * 4 + 5;
    if (right + half * 4 + 3 > runs.length) return null;
    if (off(runs, at, "111") > OFF || off(runs, right - 5, "11111") > OFF || off(runs, right + half * 4, "111") > OFF) return null;
    let digits = "", sets = "";
    for (let place = 0; place < half; place += 1) {
      const found = nearest(runs, at + 3 + place * 4, BOTH);
      if (found < 0) return null;
      digits += found % 10;
      sets += found < 10 ? "A" : "B";
    }
    for (let place = 0; place < half; place += 1) {
      const found = nearest(runs, right + place * 4, DIGITS);
      if (found < 0) return null;
      digits += found;
    }
    if (half === 4) return sets === "AAAA" ? checked(digits) : null;
    const first = FIRST.indexOf(sets);
    return first < 0 ? null : checked(first + digits);
  }

  const SYMBOLS = CODE_128.match(/.{6}/g);

  function code128(runs, at) {
    const values = [nearest(runs, at, SYMBOLS)];
    if (values[0] < 103 || values[0] > 105) return null;
    for (let next = at + 6; next + 7 <= runs.length; next += 6) {
      if (off(runs, next, "2331112") < OFF) return written(values);
      const value = nearest(runs, next, SYMBOLS);
      if (value < 0 || value > 102) return null;
      values.push(value);
    }
    return null;
  }

  function written(values) {
    const check = values.pop();
    const sum = values.reduce((all, value, at) => all + value * Math.max(at, 1), 0);
    if (values.length < 2 || sum % 103 !== check) return null;
    let set = "ABC"[values[0] - 103], once = "", text = "";
    values.slice(1).forEach((value, at) => {
      const now = once || set;
      once = "";
      if (value === 102) text += at ? GS : "]C1";
      else if (now === "C" && value < 100) text += String(value).padStart(2, "0");
      else if (value < 96) text += String.fromCharCode(now === "A" && value > 63 ? value - 64 : value + 32);
      else if (value === 98) once = now === "A" ? "B" : "A";
      else if (value === 99) set = "C";
      else if (value === 100 && now !== "B") set = "B";
      else if (value === 101 && now !== "A") set = "A";
    });
    return text;
  }

  // One line across the picture as widths of black and white in turn, the first one white.
  function runsOf(line) {
    const runs = [];
    const near = 24;
    let sum = 0, isBlack = false, width = 0;
    for (let at = 0; at < Math.min(near, line.length); at += 1) sum += line[at];
    let count = Math.min(near, line.length);
    for (let at = 0; at < line.length; at += 1) {
      if (at + near < line.length) { sum += line[at + near]; count += 1; }
      if (at - near > 0) { sum -= line[at - near - 1]; count -= 1; }
      const black = line[at] < (sum / count) * 0.92 - 4;
      if (black === isBlack) {
        width += 1;
      } else {
        runs.push(width);
        isBlack = black;
        width = 1;
      }
    }
    runs.push(width);
    return runs;
  }

  function readLine(runs) {
    for (let at = 1; at + 7 < runs.length; at += 2) {
      // A code has a quiet zone before it: some modules of white.
      if (runs[at - 1] < runs[at] * 2) continue;
      const found = code128(runs, at) ?? ean(runs, at, 6) ?? ean(runs, at, 4);
      if (found) return found;
    }
    return null;
  }

  // The code that two lines agree on: one alone may be misread.
  function decode(picture) {
    const { data, width, height } = picture;
    const seen = new Set();
    const grey = (x, y) => {
      const at = (y * width + x) * 4;
      return (data[at] * 3 + data[at + 1] * 6 + data[at + 2]) / 10;
    };
    for (const [length, across, dot] of [[width, height, (i, j) => grey(i, j)], [height, width, (i, j) => grey(j, i)]]) {
      const lines = Math.min(48, across);
      for (let number = 0; number < lines; number += 1) {
        const place = Math.floor((across * (number + 0.5)) / lines);
        const runs = runsOf(Array.from({ length }, (_, i) => dot(i, place)));
        const back = runs.length % 2 ? [...runs].reverse() : [0, ...[...runs].reverse()];
        const found = readLine(runs) ?? readLine(back);
        if (found && seen.has(found)) return found;
        if (found) seen.add(found);
      }
    }
    return null;
  }

  function pictureOf(source, width, height) {
    const scale = Math.min(1, SIDE / Math.max(width, height));
    const canvas = new OffscreenCanvas(Math.round(width * scale), Math.round(height * scale));
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    pen.drawImage(source, 0, 0, canvas.width, canvas.height);
    return pen.getImageData(0, 0, canvas.width, canvas.height);
  }

  const at = (id) => document.getElementById(id);
  const dialog = at("camera"), video = at("video"), told = at("camera-said"), words = dialog.dataset;
  let stream = null;

  function found(code) {
    told.textContent = code;
    navigator.vibrate?.(40);
    document.dispatchEvent(new CustomEvent("scanned", { detail: code }));
  }

  async function look(before, since) {
    if (!dialog.open || !stream) return;
    const code = video.videoWidth ? decode(pictureOf(video, video.videoWidth, video.videoHeight)) : null;
    const now = performance.now();
    const isNew = code && (code !== before || now - since > AWAY_MS);
    if (isNew) found(code);
    setTimeout(look, LOOK_MS, code || before, code ? now : since);
  }

  async function open() {
    told.textContent = words.hint;
    dialog.showModal();
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    } catch {
      video.hidden = true;  // none, not allowed, or a page that is not a safe one: photos remain
      return;
    }
    video.hidden = false;
    video.srcObject = stream;
    await video.play();
    look("", 0);
  }

  at("open-camera").addEventListener("click", open);
  at("close-camera").addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => {
    stream?.getTracks().forEach((one) => one.stop());
    stream = null;
    at("code").focus();
  });
  at("photo").addEventListener("change", async (event) => {
    const [file] = event.target.files;
    event.target.value = "";
    if (!file) return;
    const image = await createImageBitmap(file);
    const code = decode(pictureOf(image, image.width, image.height));
    if (code) found(code);
    else told.textContent = words.none;
  });
})();
