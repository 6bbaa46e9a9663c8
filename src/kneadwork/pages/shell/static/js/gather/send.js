// Sends what waits, the first collected first, each under its key so that it arrives once.
import * as store from "./store.js";

// Answers why it stopped: "", "offline", "door" (sign in first), "other" (collected by somebody else) or "fault".
export async function sendAll(urls, said) {
  const work = () => sending(urls, said);
  return navigator.locks ? navigator.locks.request("kneadwork-sending", work) : work();
}

export async function greet(url) {
  const answer = await fetch(url, { redirect: "manual", headers: { Accept: "application/json" } });
  if (answer.type === "opaqueredirect" || answer.status === 403) return null;
  if (!answer.ok) throw new Error(String(answer.status));
  const session = await answer.json();
  await store.know("session", { member: session.member, events: session.events, today: session.today });
  return session;
}

async function sending(urls, said) {
  if (navigator.onLine === false) return "offline";
  let session, why = "";
  try { session = await greet(urls.session); } catch (fault) { return fault instanceof TypeError ? "offline" : "fault"; }
  if (!session) return "door";
  for (const card of await store.all()) {
    if (card.member && card.member !== session.member) { why = "other"; continue; }
    said("sending");
    let answer;
    try {
      answer = await fetch(urls.take, { method: "POST", body: form(card), redirect: "manual", headers: { "X-CSRFToken": session.csrf } });
    } catch { return "offline"; }
    if (answer.type === "opaqueredirect" || answer.status === 403) return "door";
    if (answer.status === 201) { await store.remove(card.order); said("sending"); continue; }
    if (answer.status >= 500 || answer.status === 429) return "fault";
    const told = await answer.json().catch(() => ({}));
    await store.change({ ...card, refused: told.refused ?? String(answer.status) });
    why ||= answer.status === 409 ? "other" : "";
  }
  return why;
}

// What no form takes (common/texts.py): codes and dictation hold such characters now and then.
const LYING = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202d\u202e]/g;

function form(card) {
  const data = new FormData();
  for (const name of ["key", "member", "event", "code", "words", "captured_at"]) data.set(name, String(card[name] ?? "").replace(LYING, " "));
  for (const side of ["front", "back"]) {
    if (card[side]) data.set(side, new Blob([card[side].bytes], { type: card[side].type }), `${side}.jpg`);
  }
  return data;
}
