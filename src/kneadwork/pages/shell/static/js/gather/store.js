// What waits on this phone: cards in the order in which they were collected, and what was last known of the session.
export const NAME = "kneadwork-gathering";

let opened;

function open() {
  opened ??= new Promise((done, failed) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("cards", { keyPath: "order", autoIncrement: true });
      asked.result.createObjectStore("known");
    };
    asked.onerror = () => { opened = undefined; failed(asked.error); };
    asked.onsuccess = () => {
      asked.result.onversionchange = () => { asked.result.close(); opened = undefined; };
      done(asked.result);
    };
  });
  return opened;
}

// One transaction: resolved when it is on the disk, not before.
async function within(store, mode, work) {
  const database = await open();
  return new Promise((done, failed) => {
    const whole = database.transaction(store, mode, { durability: "strict" });
    const asked = work(whole.objectStore(store));
    whole.oncomplete = () => done(asked?.result);
    whole.onerror = whole.onabort = () => failed(whole.error);
  });
}

export const add = (card) => within("cards", "readwrite", (store) => store.add(card));
export const change = (card) => within("cards", "readwrite", (store) => store.put(card));
export const remove = (order) => within("cards", "readwrite", (store) => store.delete(order));
export const all = () => within("cards", "readonly", (store) => store.getAll());
export const known = (name) => within("known", "readonly", (store) => store.get(name));
export const know = (name, value) => within("known", "readwrite", (store) => store.put(value, name));

// Everything of event mode on this phone is gone: cards, what was known, the kept pages and what keeps them.
export async function forget() {
  (await opened?.catch(() => undefined))?.close();
  opened = undefined;
  await new Promise((done) => {
    const asked = indexedDB.deleteDatabase(NAME);
    asked.onsuccess = asked.onerror = asked.onblocked = done;
  });
  for (const name of (await globalThis.caches?.keys()) ?? []) {
    if (name.startsWith("gathering-")) await caches.delete(name);
  }
  for (const one of (await navigator.serviceWorker?.getRegistrations()) ?? []) await one.unregister();
}
