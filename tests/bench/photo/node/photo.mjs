/** A photo from bytes to two clean JPEG files, as often as asked for: photo.mjs FILE ROUNDS */

import { readFileSync } from "node:fs";
import process from "node:process";

import sharp from "sharp";

const [path, rounds] = process.argv.slice(2);
const file = readFileSync(path);
sharp.cache(false);
sharp.concurrency(1);

let kept;
for (let round = 0; round < Number(rounds); round += 1) {
  // Without its metadata, as sharp writes unless it is told otherwise.
  const { data, info } = await sharp(file)
    .rotate()
    .resize(2048, 2048, { fit: "inside", withoutEnlargement: true })
    .jpeg({ quality: 85 })
    .toBuffer({ resolveWithObject: true });
  const small = await sharp(data).resize(480, 480, { fit: "inside" }).jpeg({ quality: 80 }).toBuffer();
  kept = { large: data.length, small: small.length, size: [info.width, info.height] };
}
console.log(JSON.stringify(kept));
