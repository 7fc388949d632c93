// Opens the phone's page without a connection: the page as it was last, with all that it is made of.
const KEPT = "orderwire-field";
const PAGE = "/field";
const WAIT_MS = 4_000;

// The page names its files with their hashes, so whatever it names belongs together.
const keep = async (page) => {
  const text = await page.clone().text();
  const files = [...text.matchAll(/(?:href|src)="(\/(?:static|field\/manifest)[^"]+)"/g)].map((one) => one[1]);
  const kept = await caches.open(KEPT);
  const missing = [];
  for (const file of files) if (!(await kept.match(file))) missing.push(file);
  await kept.addAll(missing);
  await kept.put(PAGE, page.clone());
  for (const one of await kept.keys()) {
    const {pathname, search} = new URL(one.url);
    if (pathname !== PAGE && !files.includes(pathname + search)) await kept.delete(one);
  }
};

const isPage = (answer) => answer.ok && !answer.redirected && answer.type !== "opaqueredirect";

const fetchPage = async () => {
  const answer = await fetch(PAGE, {redirect: "manual", cache: "no-store", signal: AbortSignal.timeout(WAIT_MS)});
  if (isPage(answer)) await keep(answer);
  return answer;
};

// Signed out or not, with a connection or without: the page opens, and what it keeps is seen.
const openPage = async () => {
  const kept = await caches.match(PAGE, {cacheName: KEPT});
  try {
    const answer = await fetchPage();
    return isPage(answer) || !kept ? answer : kept;
  } catch (error) {
    if (kept) return kept;
    throw error;
  }
};

self.addEventListener("install", (event) => {
  event.waitUntil(fetchPage().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const {pathname} = new URL(event.request.url);
  if (event.request.method !== "GET") return;
  if (event.request.mode === "navigate" && pathname === PAGE) {
    event.respondWith(openPage());
  } else if (pathname.startsWith("/static/") || pathname === "/field/manifest.webmanifest") {
    event.respondWith(caches.match(event.request, {cacheName: KEPT}).then((kept) => kept ?? fetch(event.request)));
  }
});
