// Streets under the map, where this installation names tiles: Leaflet moves, the server's own drawing gives pins, rings and
// the list for each window. Where script or Leaflet is missing the drawing stays.
const L = globalThis.L, SVG = "http://www.w3.org/2000/svg";
const DEGREE_M = 111195, PIXEL_M = 156543.034; // of latitude; of a pixel at the equator where the world is 256 pixels wide
const here = document.getElementById("here");
const block = document.getElementById("streets");

const numbers = (text) => text.split(",").map(Number);
const number = (it, name) => Number(it.getAttribute(name));

function made() {
  const box = block.querySelector(".streets");
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = L.map(box, {
    zoomControl: false, worldCopyJump: true, zoomAnimation: !calm, fadeAnimation: !calm, markerZoomAnimation: !calm, inertia: !calm,
  });
  map.attributionControl.setPrefix(false);
  L.tileLayer(box.dataset.tiles, {
    attribution: block.querySelector("template").innerHTML, referrerPolicy: "strict-origin",
  }).addTo(map);
  return map;
}

// How close Leaflet looks where the box is so many metres wide.
const closeness = (map, lat, span) =>
  Math.log2(PIXEL_M * Math.cos(lat * Math.PI / 180) * map.getContainer().clientWidth / span);

function look(map, at, span) {
  map.setView(at, Math.min(map.getMaxZoom(), Math.max(map.getMinZoom(), Math.round(closeness(map, at[0], span)))));
}

// The window of the server that covers all that is seen.
function addressOf(map) {
  const seen = map.getBounds(), size = map.getSize();
  const lat = Math.max(-85, Math.min(85, (seen.getNorth() + seen.getSouth()) / 2));
  const high = (seen.getNorth() - seen.getSouth()) * DEGREE_M * size.x / size.y;
  const wide = (seen.getEast() - seen.getWest()) * DEGREE_M * Math.cos(lat * Math.PI / 180);
  const address = new URL(location.href);
  address.searchParams.set("at", `${lat.toFixed(5)},${map.getCenter().wrap().lng.toFixed(5)}`);
  address.searchParams.set("span", Math.ceil(Math.max(high, wide)));
  return address;
}

function icon(shape, x, y, half) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "map");
  svg.setAttribute("viewBox", `${x - half} ${y - half} ${2 * half} ${2 * half}`);
  svg.append(document.importNode(shape, true));
  return L.divIcon({ html: svg, className: "pin", iconSize: [2.5 * half, 2.5 * half] });
}

// Those that are lower cover no higher ones: distances, the practice, people.
const pin = (at, shown, level = 0) => L.marker(at, { icon: shown, interactive: false, keyboard: false, zIndexOffset: level });

// What the server drew, over the streets.
function show(map, layer, drawing, span) {
  layer.clearLayers();
  const home = drawing.querySelector(".home");
  if (home) {
    const at = numbers(home.dataset.at), words = drawing.querySelectorAll(".ring-words");
    drawing.querySelectorAll(".ring").forEach((ring, i) => {
      const radius = number(ring, "r") * span / drawing.viewBox.baseVal.width;
      L.circle(at, { radius, className: "ring", interactive: false }).addTo(layer);
      const text = document.createElement("span");
      text.textContent = words[i].textContent;
      pin([at[0] + radius / DEGREE_M, at[1]], L.divIcon({ html: text, className: "ring-words", iconSize: [0, 0] }), -9000).addTo(layer);
    });
    const shape = home.cloneNode(true);
    shape.removeAttribute("transform");
    pin(at, icon(shape, 0, 0, 12), -5000).addTo(layer);
  }
  for (const link of drawing.querySelectorAll("a[data-at]")) {
    const at = numbers(link.dataset.at), circle = link.querySelector("circle");
    if (map.getBounds().contains(at)) pin(at, icon(link, number(circle, "cx"), number(circle, "cy"), 24)).addTo(layer);
  }
}

function begin() {
  document.getElementById("drawing").hidden = true;
  block.hidden = false;
  const map = made(), box = map.getContainer(), layer = L.layerGroup().addTo(map);
  const start = numbers(box.dataset.at), trouble = block.querySelector(".notice");
  map.setMinZoom(Math.ceil(closeness(map, start[0], number(box, "data-most"))));
  map.setMaxZoom(Math.floor(closeness(map, start[0], number(box, "data-least"))));

  let asked, waits, dragged = false;
  const bring = async () => {
    asked?.abort();
    asked = new AbortController();
    const { signal } = asked, address = addressOf(map);
    try {
      const answer = await fetch(address, { headers: { "HX-Request": "true" }, signal });
      const told = new DOMParser().parseFromString(await answer.text(), "text/html");
      const next = told.getElementById("here");
      if (!next) return location.assign(address); // the page itself says why: signed out, or something is wrong
      history.replaceState(null, "", address);
      show(map, layer, next.querySelector("svg.map"), number(next.querySelector(".streets"), "data-span"));
      const ways = next.querySelectorAll("nav a");
      here.querySelectorAll("nav a").forEach((way, i) => way.setAttribute("href", ways[i].getAttribute("href")));
      document.getElementById("beside").replaceChildren(...told.getElementById("beside").childNodes);
      block.querySelector("[role=status]").textContent = document.querySelector("#beside h2").textContent;
      trouble.hidden = true;
    } catch (fault) {
      if (fault.name !== "AbortError") trouble.hidden = false;
    }
  };
  map.on("moveend", () => {
    clearTimeout(waits);
    waits = setTimeout(bring, 150);
  });
  map.on("dragstart", () => { dragged = true; });
  map.on("dragend", () => setTimeout(() => { dragged = false; }));

  here.addEventListener("click", (e) => {
    const link = e.target.closest("a[href]");
    if (!link || e.ctrlKey || e.metaKey || e.shiftKey) return;
    const to = new URL(link.getAttribute("href"), location.href), at = to.searchParams.get("at");
    if (dragged && box.contains(link)) return e.preventDefault(); // the end of a drag is no tap
    if (!at || to.pathname !== location.pathname) return;
    e.preventDefault();
    if (box.contains(link)) box.focus({ preventScroll: true }); // the pin goes, the map stays
    look(map, numbers(at), Number(to.searchParams.get("span")));
  });

  look(map, start, number(box, "data-span"));
  show(map, layer, document.querySelector("#drawing svg.map"), number(box, "data-span"));
}

if (L && block) begin();
