// Keeps the shell of event mode, and nothing else: no page with anybody's data passes through here.
const CACHE = "gathering-VERSION";
const KEPT = "SHELL";

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(KEPT)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const old = caches.keys().then((names) => names.filter((n) => n.startsWith("gathering-") && n !== CACHE));
  event.waitUntil(old.then((names) => Promise.all(names.map((n) => caches.delete(n)))).then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const asked = new URL(event.request.url);
  if (event.request.method !== "GET" || asked.origin !== location.origin || !KEPT.includes(asked.pathname)) return;
  const kept = caches.open(CACHE).then((cache) => cache.match(asked.pathname));
  event.respondWith(kept.then((answer) => answer ?? fetch(event.request)));
});
