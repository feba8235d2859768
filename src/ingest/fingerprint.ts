import type { Labels } from '../types.ts';

/**
 * FNV-1a, 64 bits, over the sorted labels as `name 0xff value 0xff`, in 16 hex digits: what Alertmanager computes, so an
 * alert keeps its identity whichever way it comes. Empty values do not count, as there.
 */
export function fingerprintOf(labels: Labels): string {
  let bytes = '';
  for (const name of Object.keys(labels).toSorted()) {
    const value = labels[name] ?? '';
    if (value !== '') bytes += `${binary(name)}\u00ff${binary(value)}\u00ff`;
  }
  return fnv1a64(bytes);
}

// oxlint-disable-next-line no-control-regex
const ASCII = /^[\0-\x7f]*$/;

/** UTF-8 bytes, one a character. */
const binary = (text: string): string => (ASCII.test(text) ? text : Buffer.from(text, 'utf8').toString('latin1'));

/** In two halves of 32 bits: BigInt is twenty times slower. The prime is 2^40 + 0x1b3. */
function fnv1a64(bytes: string): string {
  let high = 0xcbf29ce4;
  let low = 0x84222325;
  for (let index = 0; index < bytes.length; index += 1) {
    low = (low ^ bytes.charCodeAt(index)) >>> 0;
    const product = low * 0x1b3;
    high = (high * 0x1b3 + Math.floor(product / 2 ** 32) + low * 256) % 2 ** 32;
    low = product >>> 0;
  }
  return high.toString(16).padStart(8, '0') + low.toString(16).padStart(8, '0');
}
