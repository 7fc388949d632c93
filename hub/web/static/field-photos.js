// Photos: scaled down on the phone, kept there before anything else, never while there is no room.
const fieldPhotos = (() => {
  const MOST_SIDE = 1600;
  const MOST_BYTES = 450_000;
  const LARGEST_FILE = 30_000_000;
  const LARGE_FILE = 4_000_000;
  const QUALITIES = [0.8, 0.65, 0.5, 0.35, 0.2];
  const SPARE = 20_000_000;

  // `code` is what is said of it.
  class PhotoError extends Error {
    constructor(code) { super(code); this.code = code; }
  }

  const decode = async (file) => {
    try {
      // What is so large is wider than what is wanted: it is never held whole.
      return await createImageBitmap(file, file.size > LARGE_FILE ? {resizeWidth: MOST_SIDE, resizeQuality: "medium"} : {});
    } catch {
      throw new PhotoError("photo_wrong");
    }
  };

  const scale = async (file) => {
    if (file.size > LARGEST_FILE) throw new PhotoError("photo_large");
    const picture = await decode(file);
    const share = Math.min(1, MOST_SIDE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(picture.width * share));
    canvas.height = Math.max(1, Math.round(picture.height * share));
    const brush = canvas.getContext("2d");
    brush.fillStyle = "#ffffff";
    brush.fillRect(0, 0, canvas.width, canvas.height);
    brush.drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    for (const quality of QUALITIES) {
      const blob = await new Promise((give) => canvas.toBlob(give, "image/jpeg", quality));
      if (blob && blob.size <= MOST_BYTES) return blob;
    }
    throw new PhotoError("photo_large");
  };

  // What is left of the room that the phone gives to this page; none is known where it says nothing.
  const room = async () => {
    const told = await navigator.storage?.estimate?.().catch(() => null);
    return told?.quota ? told.quota - told.usage : Infinity;
  };
  const isShort = async () => (await room()) < SPARE;

  // Keeps a photo for an entry or a draft: what is left has to hold entries still.
  const scaleAndKeep = async (file, of, most) => {
    const blob = await scale(file);
    if ((await room()) < SPARE + blob.size) throw new PhotoError("photo_room");
    let kept;
    try {
      kept = await fieldStore.addPhoto({...of, blob, at: Date.now()}, most);
    } catch {
      throw new PhotoError("photo_room");
    }
    if (!kept) throw new PhotoError("photo_many");
    return kept;
  };

  // What is being taken is of what is kept meanwhile, too: that waits for it, and is not kept where it fails.
  const taking = new Set();
  const keep = (file, of, most) => {
    const kept = scaleAndKeep(file, of, most);
    const end = kept.then(() => true, () => false).finally(() => taking.delete(end));
    taking.add(end);
    return kept;
  };
  const isTaking = () => taking.size > 0;
  const areTaken = async () => (await Promise.all(taking)).every(Boolean);

  // A picture of a kept photo, which the page may show without any address of it.
  const draw = async (photo, side = 72) => {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = side;
    const picture = await createImageBitmap(photo.blob).catch(() => null);
    if (!picture) return canvas;
    const share = Math.max(side / picture.width, side / picture.height);
    const [wide, high] = [picture.width * share, picture.height * share];
    canvas.getContext("2d").drawImage(picture, (side - wide) / 2, (side - high) / 2, wide, high);
    picture.close();
    return canvas;
  };

  return {keep, isTaking, areTaken, draw, scale, isShort, PhotoError};
})();
