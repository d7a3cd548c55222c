/** @file Photos that tests make, and what they see in them: pixel by pixel, as the browser decodes them. */

const WIDTH = 1600;
const HEIGHT = 1200;

/** Where the number plate is in the scene: left, top, width and height, in hundredths of the photo. */
export const PLATE = [40, 60, 20, 10];

/** A street with a car on it, whose number can be read: a JPEG file of 1,600 by 1,200. */
export async function scene(page) {
  const address = await page.evaluate(
    ({ width, height, plate }) => {
      const canvas = Object.assign(document.createElement("canvas"), { width, height });
      const draw = canvas.getContext("2d");
      const fill = (style, left, top, wide, high) => {
        draw.fillStyle = style;
        draw.fillRect((left * width) / 100, (top * height) / 100, (wide * width) / 100, (high * height) / 100);
      };
      const sky = draw.createLinearGradient(0, 0, 0, height / 2);
      sky.addColorStop(0, "#4f86c6");
      sky.addColorStop(1, "#dfe9f2");
      fill(sky, 0, 0, 100, 50);
      fill("#6d7a55", 0, 45, 100, 15);
      fill("#5a5a5e", 0, 58, 100, 42);
      for (let at = 0; at < 100; at += 12) fill("#e8e4d8", at, 94, 7, 1.5);
      fill("#3c3c3c", 12, 8, 1.5, 52);
      fill("#f4e9b0", 8, 6, 9, 4);
      fill("#a3182b", 26, 34, 48, 38);
      fill("#26323c", 32, 37, 36, 15);
      fill("#1c1c1c", 28, 70, 8, 8);
      fill("#1c1c1c", 64, 70, 8, 8);
      const [left, top, wide, high] = plate;
      fill("#f7f7f2", left, top, wide, high);
      draw.fillStyle = "#14532d";
      draw.font = `bold ${height / 14}px sans-serif`;
      draw.textAlign = "center";
      draw.textBaseline = "middle";
      draw.fillText("あ 12-34", ((left + wide / 2) * width) / 100, ((top + high / 2) * height) / 100);
      return canvas.toDataURL("image/jpeg", 0.92);
    },
    { width: WIDTH, height: HEIGHT, plate: PLATE },
  );
  return Buffer.from(address.split(",")[1], "base64");
}

/**
 * Compares two JPEG files, inside of an area (in hundredths) and outside of it; `page` is an empty one. `difference` is how far the values of a
 * pixel's colours lie apart on the average, `most` the farthest of them, `spread` how far those of the second picture reach in the area.
 * The area's edge is left out: what is shrunk or pressed together blends there.
 */
export async function compared(page, one, other, area) {
  const files = [one, other].map((file) => `data:image/jpeg;base64,${file.toString("base64")}`);
  return page.evaluate(
    async ({ files, area: [left, top, wide, high] }) => {
      const [width, height, edge] = [480, 360, 8];
      const pixels = async (file) => {
        const image = Object.assign(new Image(), { src: file });
        await image.decode();
        const draw = Object.assign(document.createElement("canvas"), { width, height }).getContext("2d");
        draw.imageSmoothingQuality = "high";
        draw.drawImage(image, 0, 0, width, height);
        return { data: draw.getImageData(0, 0, width, height).data, size: [image.naturalWidth, image.naturalHeight] };
      };
      const [first, second] = [await pixels(files[0]), await pixels(files[1])];
      const [x0, y0, x1, y1] = [(left * width) / 100, (top * height) / 100, ((left + wide) * width) / 100, ((top + high) * height) / 100];
      const seen = { inside: { sum: 0, count: 0, most: 0 }, outside: { sum: 0, count: 0, most: 0 } };
      const [least, greatest] = [[255, 255, 255], [0, 0, 0]];
      for (let y = 0; y < height; y += 1) {
        for (let x = 0; x < width; x += 1) {
          const isInside = x >= x0 + edge && x < x1 - edge && y >= y0 + edge && y < y1 - edge;
          const isOutside = x < x0 - edge || x >= x1 + edge || y < y0 - edge || y >= y1 + edge;
          if (!isInside && !isOutside) continue;
          const part = isInside ? seen.inside : seen.outside;
          for (let colour = 0; colour < 3; colour += 1) {
            const at = 4 * (y * width + x) + colour;
            const apart = Math.abs(first.data[at] - second.data[at]);
            part.sum += apart;
            part.count += 1;
            part.most = Math.max(part.most, apart);
            if (!isInside) continue;
            least[colour] = Math.min(least[colour], second.data[at]);
            greatest[colour] = Math.max(greatest[colour], second.data[at]);
          }
        }
      }
      const told = ({ sum, count, most }) => ({ difference: sum / count, most });
      const spread = Math.max(...greatest.map((value, colour) => value - least[colour]));
      return { inside: told(seen.inside), outside: told(seen.outside), spread, sizes: [first.size, second.size] };
    },
    { files, area },
  );
}
