import { crc32, deflateSync, inflateSync } from 'node:zlib';

/** The same picture with at most 256 colours: a screenshot becomes a third as large. Reads 8-bit RGB and RGBA only. */
export function smallPng(png: Buffer): Buffer {
  const { width, height, pixels } = decode(png);
  const { palette, indexes } = quantize(pixels);
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y++) indexes.copy(rows, y * (width + 1) + 1, y * width, (y + 1) * width);
  const header = Buffer.from(png.subarray(16, 29));
  header.writeUInt8(3, 9);
  return Buffer.concat([
    png.subarray(0, 8),
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(palette.flatMap((color) => [color >> 16, (color >> 8) & 255, color & 255]))),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function decode(png: Buffer) {
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  const bytes = png[25] === 6 ? 4 : 3;
  const parts: Buffer[] = [];
  for (let at = 8; at < png.length; at += png.readUInt32BE(at) + 12) {
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT')
      parts.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  }
  const raw = inflateSync(Buffer.concat(parts));
  const stride = width * bytes;
  const line = Buffer.alloc(stride * (height + 1));
  const pixels = new Uint32Array(width * height);
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (stride + 1)] ?? 0;
    for (let x = 0; x < stride; x++) {
      const here = (y + 1) * stride + x;
      const left = x < bytes ? 0 : (line[here - bytes] ?? 0);
      const up = line[here - stride] ?? 0;
      const corner = x < bytes ? 0 : (line[here - stride - bytes] ?? 0);
      line[here] = (raw[y * (stride + 1) + 1 + x] ?? 0) + predicted(filter, left, up, corner);
    }
    for (let x = 0; x < width; x++) pixels[y * width + x] = line.readUIntBE((y + 1) * stride + x * bytes, 3);
  }
  return { width, height, pixels };
}

function predicted(filter: number, left: number, up: number, corner: number): number {
  if (filter === 0) return 0;
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return (left + up) >> 1;
  const guess = left + up - corner;
  const [byLeft, byUp, byCorner] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  if (byLeft <= byUp && byLeft <= byCorner) return left;
  return byUp <= byCorner ? up : corner;
}

/** The commonest colours, no two of them next to each other; every other one becomes the nearest of them. */
function quantize(pixels: Uint32Array) {
  const counts = new Map<number, number>();
  for (const color of pixels) counts.set(color, (counts.get(color) ?? 0) + 1);
  const palette: number[] = [];
  for (const [color] of [...counts].toSorted(([, a], [, b]) => b - a)) {
    if (palette.length === 256) break;
    if (palette.length < 16 || palette.every((other) => distance(color, other) > 48)) palette.push(color);
  }
  const nearest = new Map<number, number>();
  for (const color of counts.keys()) {
    let best = 0;
    for (let at = 1; at < palette.length; at++)
      if (distance(color, palette[at] ?? 0) < distance(color, palette[best] ?? 0)) best = at;
    nearest.set(color, best);
  }
  return { palette, indexes: Buffer.from(Array.from(pixels, (color) => nearest.get(color) ?? 0)) };
}

const distance = (a: number, b: number): number =>
  ((a >> 16) - (b >> 16)) ** 2 + (((a >> 8) & 255) - ((b >> 8) & 255)) ** 2 + ((a & 255) - (b & 255)) ** 2;

function chunk(kind: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(kind, 'latin1'), data]);
  const whole = Buffer.alloc(body.length + 8);
  whole.writeUInt32BE(data.length, 0);
  body.copy(whole, 4);
  whole.writeUInt32BE(crc32(body), body.length + 4);
  return whole;
}
