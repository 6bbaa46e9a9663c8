// Small helps where script is on; every form works without them.
const on = (selector, event, act) =>
  document.addEventListener(event, (e) => {
    const it = e.target.closest?.(selector);
    if (it) act(it, e);
  });

on("[data-submit-on-change]", "change", (it) => it.form.requestSubmit());

on("[data-here]", "click", (button) => {
  const form = button.closest("form");
  navigator.geolocation?.getCurrentPosition(
    ({ coords }) => {
      form.elements.latitude.value = coords.latitude.toFixed(5);
      form.elements.longitude.value = coords.longitude.toFixed(5);
      button.textContent = button.dataset.here;
    },
    () => { button.textContent = button.dataset.refused; },
  );
});

for (const name of ["dragover", "dragleave", "drop"]) {
  on(".drop", name, (zone, e) => {
    e.preventDefault();
    zone.classList.toggle("over", name === "dragover");
    if (name === "drop" && e.dataTransfer.files.length) {
      zone.querySelector("input[type=file]").files = e.dataTransfer.files;
      zone.closest("form").querySelector("button.main").focus();
    }
  });
}

const showChosen = () => {
  const count = document.querySelectorAll("input[name=chosen]:checked").length;
  document.querySelectorAll("[data-chosen-count]").forEach((it) => { it.textContent = `(${count})`; });
  document.querySelectorAll("[data-for-chosen]").forEach((it) => { it.hidden = !count; });
};
on("input[name=chosen]", "change", showChosen);
showChosen();

document.querySelectorAll("[data-reload-after]").forEach((it) => {
  setTimeout(() => location.reload(), Number(it.dataset.reloadAfter));
});
