// @ts-check
/** @file Photos to send: made small enough for a chat, or drawn here as samples. */

/** As many as LINE lets somebody choose at once. */
const MAX_TOGETHER = 50;

/** What the simulator takes in one event. */
const MAX_BYTES = 2 * 1024 * 1024;
const MAX_SIDE = 2048;
const QUALITIES = [0.9, 0.8, 0.65, 0.5];

/**
 * @param {Blob} file
 * @returns {Promise<{ data: string, contentType: string }>} base64
 */
export async function prepare(file) {
  // A small JPEG goes as it is, so that what a camera wrote into it (place, turn) reaches the city too.
  if (file.type === "image/jpeg" && file.size <= MAX_BYTES) return { data: await base64(file), contentType: file.type };
  const bitmap = await createImageBitmap(file);
  for (let side = MAX_SIDE; side >= 256; side /= 2) {
    const scale = Math.min(1, side / Math.max(bitmap.width, bitmap.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(bitmap.width * scale));
    canvas.height = Math.max(1, Math.round(bitmap.height * scale));
    const pen = pencil(canvas);
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    for (const quality of QUALITIES) {
      const blob = await jpeg(canvas, quality);
      if (blob.size <= MAX_BYTES) return { data: await base64(blob), contentType: "image/jpeg" };
    }
  }
  throw new Error("too large");
}

/**
 * Photos that were chosen together, each with its place among them as LINE tells it, in the order in which the account will hear of
 * them: LINE promises none, so the first of several never comes first.
 * @template {object} Photo
 * @param {Photo[]} photos
 * @returns {(Photo & { imageSet?: { id: string, index: number, total: number } })[]}
 */
export function inSets(photos) {
  const together = photos.slice(0, MAX_TOGETHER);
  if (together.length < 2) return together;
  const id = [...crypto.getRandomValues(new Uint8Array(32))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const set = together.map((photo, at) => ({ ...photo, imageSet: { id: id.toUpperCase(), index: at + 1, total: together.length } }));
  const first = set.shift();
  for (let at = set.length - 1; at > 0; at -= 1) {
    const other = Math.floor(Math.random() * (at + 1));
    [set[at], set[other]] = [set[other], set[at]];
  }
  set.splice(1 + Math.floor(Math.random() * set.length), 0, /** @type {typeof set[number]} */ (first));
  return set;
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {number} [quality]
 * @returns {Promise<Blob>}
 */
export function jpeg(canvas, quality = 0.9) {
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no picture"))), "image/jpeg", quality),
  );
}

/** @param {Blob} blob */
async function base64(blob) {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let binary = "";
  // In pieces, for a call takes only so many arguments.
  for (let at = 0; at < bytes.length; at += 0x8000) binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(binary);
}

/**
 * @param {HTMLCanvasElement} canvas
 * @returns {CanvasRenderingContext2D}
 */
function pencil(canvas) {
  const pen = canvas.getContext("2d");
  if (!pen) throw new Error("no canvas");
  return pen;
}

const WIDTH = 1200;
const HEIGHT = 900;

/** The sample scenes, in the order of their names in `words.composer.samples`. */
const SCENES = [drawHole, drawLamp, drawBags];

/** @returns {HTMLCanvasElement[]} */
export function sampleCanvases() {
  return SCENES.map((draw) => {
    const canvas = document.createElement("canvas");
    canvas.width = WIDTH;
    canvas.height = HEIGHT;
    draw(pencil(canvas));
    return canvas;
  });
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {string} fill
 * @param {[number, number][]} points
 */
function shape(pen, fill, points) {
  pen.fillStyle = fill;
  pen.beginPath();
  for (const [x, y] of points) pen.lineTo(x, y);
  pen.closePath();
  pen.fill();
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {string[]} colors
 */
function sky(pen, colors) {
  const fade = pen.createLinearGradient(0, 0, 0, 420);
  colors.forEach((color, index) => fade.addColorStop(index / (colors.length - 1), color));
  pen.fillStyle = fade;
  pen.fillRect(0, 0, WIDTH, HEIGHT);
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {string} fill
 * @param {number} x
 * @param {number} y
 * @param {number} rx
 * @param {number} ry
 */
function oval(pen, fill, x, y, rx, ry) {
  pen.fillStyle = fill;
  pen.beginPath();
  pen.ellipse(x, y, rx, ry, 0, 0, Math.PI * 2);
  pen.fill();
}

/** @param {CanvasRenderingContext2D} pen */
function drawHole(pen) {
  sky(pen, ["#8fc3ec", "#dcebf5"]);
  shape(pen, "#7fa66a", [
    [0, 400],
    [WIDTH, 400],
    [WIDTH, HEIGHT],
    [0, HEIGHT],
  ]);
  shape(pen, "#6d7278", [
    [470, 400],
    [730, 400],
    [1150, HEIGHT],
    [50, HEIGHT],
  ]);
  shape(pen, "#e9ecef", [
    [592, 420],
    [608, 420],
    [626, 560],
    [574, 560],
  ]);
  shape(pen, "#e9ecef", [
    [568, 800],
    [632, 800],
    [648, HEIGHT],
    [552, HEIGHT],
  ]);
  oval(pen, "#565b61", 560, 680, 205, 66);
  oval(pen, "#2f3236", 565, 688, 170, 48);
  oval(pen, "#4a5b66", 585, 700, 105, 22);
  for (let at = 0; at < 9; at += 1) oval(pen, "#85898d", 330 + at * 58, 748 + ((at * 37) % 26), 12 + (at % 3) * 5, 8);
  shape(pen, "#e4572e", [
    [905, 720],
    [960, 560],
    [1015, 720],
  ]);
  shape(pen, "#fff", [
    [930, 648],
    [990, 648],
    [999, 676],
    [921, 676],
  ]);
}

/** @param {CanvasRenderingContext2D} pen */
function drawLamp(pen) {
  sky(pen, ["#141d3a", "#33406b"]);
  for (let at = 0; at < 26; at += 1) oval(pen, "#e8ecff", (at * 173) % WIDTH, (at * 97) % 330, 2 + (at % 3), 2 + (at % 3));
  shape(pen, "#1c2440", [
    [0, 520],
    [220, 520],
    [220, 400],
    [430, 400],
    [430, 560],
    [840, 560],
    [840, 430],
    [1080, 430],
    [1080, 520],
    [WIDTH, 520],
    [WIDTH, HEIGHT],
    [0, HEIGHT],
  ]);
  for (let at = 0; at < 6; at += 1)
    shape(pen, at % 3 ? "#2a355c" : "#f2cf7c", [
      [250 + at * 28, 450],
      [266 + at * 28, 450],
      [266 + at * 28, 474],
      [250 + at * 28, 474],
    ]);
  shape(pen, "#3c434f", [
    [0, 720],
    [WIDTH, 720],
    [WIDTH, HEIGHT],
    [0, HEIGHT],
  ]);
  shape(pen, "#9aa3b2", [
    [590, 230],
    [612, 230],
    [618, 800],
    [584, 800],
  ]);
  shape(pen, "#9aa3b2", [
    [590, 230],
    [770, 190],
    [772, 206],
    [596, 250],
  ]);
  shape(pen, "#5b6474", [
    [735, 176],
    [860, 176],
    [840, 216],
    [748, 216],
  ]);
  oval(pen, "#7d8797", 795, 218, 40, 12);
}

/** @param {CanvasRenderingContext2D} pen */
function drawBags(pen) {
  sky(pen, ["#b9dcf2", "#eef6fb"]);
  shape(pen, "#d9cdb8", [
    [0, 230],
    [WIDTH, 230],
    [WIDTH, 640],
    [0, 640],
  ]);
  for (let row = 0; row < 5; row += 1) {
    for (let at = -1; at < 9; at += 1) {
      pen.strokeStyle = "#c3b59c";
      pen.lineWidth = 4;
      pen.strokeRect(at * 150 + (row % 2) * 75, 230 + row * 82, 150, 82);
    }
  }
  shape(pen, "#a9adb2", [
    [0, 640],
    [WIDTH, 640],
    [WIDTH, HEIGHT],
    [0, HEIGHT],
  ]);
  for (const [x, y, size] of [
    [330, 640, 1.1],
    [560, 660, 1.25],
    [800, 640, 1],
    [450, 740, 1.05],
    [700, 750, 1.1],
  ]) {
    oval(pen, "#f5f7f8", x, y, 118 * size, 100 * size);
    oval(pen, "#dfe5e8", x + 20, y + 24, 78 * size, 58 * size);
    shape(pen, "#f5f7f8", [
      [x - 34, y - 128 * size],
      [x + 34, y - 128 * size],
      [x + 12, y - 84 * size],
      [x - 12, y - 84 * size],
    ]);
  }
  pen.strokeStyle = "rgb(30 120 80 / 65%)";
  pen.lineWidth = 3;
  for (let at = 0; at < 22; at += 1) {
    for (const lean of [-60, 60]) {
      pen.beginPath();
      pen.moveTo(190 + at * 40, 520);
      pen.lineTo(190 + at * 40 + lean, 870);
      pen.stroke();
    }
  }
}
