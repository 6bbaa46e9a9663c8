// Signing out: what waits on this phone is said first; then it is gone, with everything event mode kept.
import { all, forget } from "./gather/store.js";

const form = document.querySelector("form[data-leaving]"), told = document.getElementById("unsent-told");
const waiting = await all().catch(() => []);
if (waiting.length && told) {
  told.hidden = false;
  told.querySelector("b").textContent = waiting.length;
}
form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  await forget().catch(() => undefined);
  form.submit();
});
