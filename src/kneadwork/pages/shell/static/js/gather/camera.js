// The camera, where the browser gives it; else the phone's own through a file field. Codes where a detector is there.
const LONGEST = 2000, MOST_BYTES = 10 * 1024 * 1024;

export async function start(video) {
  if (!navigator.mediaDevices?.getUserMedia) return false;
  try {
    video.srcObject = await navigator.mediaDevices.getUserMedia({
      audio: false, video: { facingMode: { ideal: "environment" }, width: { ideal: 1920 }, height: { ideal: 1080 } },
    });
    await video.play();
    return true;
  } catch { return false; }
}

export function stop(video) {
  video.srcObject?.getTracks().forEach((track) => track.stop());
  video.srcObject = null;
}

export const shot = (video) => drawn(video, video.videoWidth, video.videoHeight);

// A photograph made smaller, without what the phone wrote into it; one that this browser cannot open goes as it is.
export async function smaller(file) {
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const made = await drawn(picture, picture.width, picture.height);
    picture.close();
    return made;
  } catch {
    if (file.size > MOST_BYTES) throw new RangeError("large");
    return { bytes: await file.arrayBuffer(), type: file.type || "application/octet-stream" };
  }
}

async function drawn(source, width, height) {
  const by = Math.min(1, LONGEST / Math.max(width, height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(width * by);
  canvas.height = Math.round(height * by);
  canvas.getContext("2d").drawImage(source, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.88));
  return { bytes: await blob.arrayBuffer(), type: "image/jpeg" };
}

const WANTED = ["qr_code", "data_matrix", "aztec", "pdf417"];
let detector;

async function codes() {
  if (!("BarcodeDetector" in globalThis)) return null;
  const there = await BarcodeDetector.getSupportedFormats();
  const formats = WANTED.filter((name) => there.includes(name));
  return formats.length ? new BarcodeDetector({ formats }) : null;
}

// The text of a code in what is seen, or ""; where there is no detector the picture is read on arrival.
export async function code(source) {
  try {
    detector ??= codes();
    return (await (await detector)?.detect(source))?.[0]?.rawValue ?? "";
  } catch { return ""; }
}
