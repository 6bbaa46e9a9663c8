// Event mode: photograph a card or scan its code, a few words, next. Cards wait on the phone until they have arrived.
import * as camera from "./camera.js";
import { greet, sendAll } from "./send.js";
import * as store from "./store.js";

const id = (name) => document.getElementById(name);
const urls = document.body.dataset;
const AGAIN = 20_000;
let card = {}, live = false, sentAny = false, busy = false;

// The card in hand

function side() { return !card.front ? "front" : !card.back ? "back" : "again"; }

function show() {
  const now = side();
  document.querySelector(".pick-words").textContent = document.querySelector(".pick-words").dataset[now];
  id("shoot").textContent = id("shoot").dataset[now];
  id("taken").replaceChildren(...["front", "back"].filter((name) => card[name]).map(thumb));
  id("taken").hidden = !card.front;
  id("code").hidden = !card.code;
  id("code").querySelector("b").textContent = (card.code ?? "").replace(/\s+/g, " ").slice(0, 80);
}

function thumb(name) {
  const picture = document.createElement("img");
  picture.alt = id("taken").dataset[name];
  picture.src = URL.createObjectURL(new Blob([card[name].bytes], { type: card[name].type }));
  picture.onload = picture.onerror = () => URL.revokeObjectURL(picture.src);
  return picture;
}

function place(picture) {
  if (side() === "again") card = { code: card.code };
  card[side()] = picture;
  id("fault").textContent = "";
  show();
}

id("pick").addEventListener("change", async () => {
  const file = id("pick").files[0];
  if (!file) return;
  try {
    place(await camera.smaller(file));
    card.code ||= await camera.code(await createImageBitmap(file).catch(() => null));
    show();
  } catch { id("fault").textContent = id("fault").dataset.large; }
  id("pick").value = "";
});

id("shoot").addEventListener("click", async () => place(await camera.shot(id("video"))));

async function look() {
  if (live && !card.code && !document.hidden) {
    const text = await camera.code(id("video"));
    if (text) { card.code = text; navigator.vibrate?.(60); show(); }
  }
  setTimeout(look, 400);
}

// Next

id("card").addEventListener("submit", async (event) => {
  event.preventDefault();
  if (busy) return;
  const words = id("words").value.trim();
  if (!card.front && !card.code && !words) { id("fault").textContent = id("fault").dataset.nothing; return; }
  busy = true;
  try {
    const session = await store.known("session");
    await store.add({
      ...card, words, event: id("event").value, key: crypto.randomUUID(), member: session?.member ?? "",
      captured_at: new Date().toISOString(),
    });
    card = {};
    id("words").value = id("fault").textContent = "";
    show();
    navigator.storage?.persist?.().catch(() => undefined);
  } catch { id("fault").textContent = id("fault").dataset.full; }
  busy = false;
  await count();
  send();
});

// What waits

async function count(why = "") {
  const waiting = await store.all();
  const state = id("state").dataset;
  const words = waiting.length === 0 ? (sentAny ? state.sent : state.none) : waiting.length === 1 ? state.one : state.many;
  id("state").textContent = words.replace("#", waiting.length);
  id("waiting").dataset.count = waiting.length;
  id("why").textContent = waiting.length ? (id("why").dataset[why] ?? "") : "";
  id("door").hidden = why !== "door";
  id("unsent").replaceChildren(...waiting.map(row));
  navigator.setAppBadge?.(waiting.length).catch(() => undefined);
}

function row(one) {
  const line = document.createElement("li"), name = document.createElement("span"), mark = document.createElement("span");
  line.className = "row apart";
  name.textContent = one.words.slice(0, 60) || id("unsent").dataset.nameless;
  mark.className = "tag";
  mark.textContent = one.refused ?? id("unsent").dataset.waits;
  line.append(name, mark);
  if (one.refused) {
    const away = document.createElement("button");
    away.type = "button";
    away.className = "button plain";
    away.textContent = id("unsent").dataset.remove;
    away.onclick = async () => { await store.remove(one.order); count(); };
    line.append(away);
  }
  return line;
}

let running;
function send() {
  running ??= sendAll(urls, (why) => { sentAny = true; return count(why); })
    .catch(() => "fault")
    .then(async (why) => { running = undefined; await count(why); await events(); });
  return running;
}

// Where one is: the events known when there was last a network

async function events() {
  const session = await store.known("session");
  const select = id("event"), chosen = select.value || new URLSearchParams(location.search).get("event") || session?.today;
  select.replaceChildren(select.options[0], ...(session?.events ?? []).map((e) => new Option(e.title, e.id)));
  if ([...select.options].some((o) => o.value === chosen)) select.value = chosen;
}

addEventListener("online", send);
addEventListener("offline", () => count("offline"));
document.addEventListener("visibilitychange", async () => {
  if (!document.hidden) { await send(); } else if (live) { camera.stop(id("video")); }
  if (live && !document.hidden) live = await camera.start(id("video"));
});
setInterval(async () => { if ((await store.all()).length) send(); }, AGAIN);

id("card").hidden = false;
show();
await events();
await count();
navigator.serviceWorker?.register(urls.worker).catch(() => undefined);
(await store.all()).length ? send() : greet(urls.session).then((here) => count(here ? "" : "door")).catch(() => count("offline")).then(events);
live = await camera.start(id("video"));
id("video").hidden = id("shoot").hidden = !live;
id("pick-label").classList.toggle("beside", live);
look();
