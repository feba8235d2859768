import { constants } from 'node:fs';
import { lstat, open, readdir, realpath, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { RunbookFile } from './parse.ts';

const MOST_FILES = 1000;
const MOST_BYTES = 256 * 1024;
/** Of all files together. */
const MOST_TOTAL = 32 * 1024 * 1024;
const MOST_ENTRIES = 20_000;
const DEEPEST = 8;

/** A Markdown file found, not yet read. */
export interface Found {
  /** Below the folder, with `/`. */
  readonly path: string;
  readonly real: string;
  /** Changes whenever the file does. */
  readonly version: string;
  readonly size: number;
}

export interface Walked {
  readonly found: readonly Found[];
  /** What was left out, and why. */
  readonly problems: readonly string[];
  /** There is no such folder. */
  readonly missing?: true;
}

/**
 * The Markdown files below a folder, by path; never outside it: symbolic links count when they end inside (a mounted
 * ConfigMap is made of them). Names that begin with a dot are none of ours. Rejects with the system's error when the
 * folder cannot be read.
 */
export async function walkRunbooks(folder: string): Promise<Walked> {
  const root = await realpath(folder).catch((error: unknown) => {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  });
  if (root === undefined) return { found: [], problems: [], missing: true };
  const walk: Walk = { root, found: [], problems: [], seen: new Set(), entries: 0, bytes: 0, isFull: false };
  await enter(walk, root, root, 0);
  const full = `${folder}: more than ${MOST_FILES} files or ${MOST_TOTAL / 1024 / 1024} MiB; the rest is left out`;
  return { found: walk.found, problems: walk.isFull ? [...walk.problems, full] : walk.problems };
}

interface Walk {
  readonly root: string;
  readonly found: Found[];
  readonly problems: string[];
  /** Real paths of folders: links may make rings. */
  readonly seen: Set<string>;
  entries: number;
  bytes: number;
  isFull: boolean;
}

async function enter(walk: Walk, shown: string, real: string, depth: number): Promise<void> {
  if (depth > DEEPEST || walk.seen.has(real)) return;
  walk.seen.add(real);
  const names = await readdir(real);
  for (const name of names.toSorted()) {
    if (name.startsWith('.')) continue;
    walk.entries += 1;
    if (walk.entries > MOST_ENTRIES) walk.isFull = true;
    if (walk.isFull) return;
    await look(walk, join(shown, name), join(real, name), depth);
  }
}

/** What vanishes or may not be read while we look is skipped, and said. */
async function look(walk: Walk, shown: string, place: string, depth: number): Promise<void> {
  const path = relative(walk.root, shown).split(sep).join('/');
  try {
    const real = (await lstat(place)).isSymbolicLink() ? await realpath(place) : place;
    if (real !== walk.root && !real.startsWith(walk.root + sep)) {
      return void walk.problems.push(`${path}: a link that leads out of the folder is not followed`);
    }
    const is = await stat(real);
    if (is.isDirectory()) return await enter(walk, shown, real, depth + 1);
    if (!is.isFile() || !/\.(?:md|markdown)$/i.test(path)) return;
    take(walk, { path, real, version: `${real} ${is.mtimeMs} ${is.size} ${is.ino}`, size: is.size });
  } catch (error) {
    walk.problems.push(`${path}: ${error instanceof Error ? error.message : 'cannot be read'}`);
  }
}

function take(walk: Walk, file: Found): void {
  const { found, problems } = walk;
  if (file.size > MOST_BYTES) return void problems.push(`${file.path}: larger than ${MOST_BYTES / 1024} KiB, left out`);
  walk.bytes += file.size;
  if (found.length < MOST_FILES && walk.bytes <= MOST_TOTAL) return void found.push(file);
  walk.isFull = true;
}

/** Reads one that was found; rejects when it is gone, or is no file any more. */
export async function readFound({ path, real }: Found): Promise<RunbookFile> {
  // A pipe put in its place would keep us waiting for ever, a link would lead elsewhere.
  const file = await open(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const is = await file.stat();
    if (!is.isFile()) throw new Error('is no file');
    const { buffer, bytesRead } = await file.read(Buffer.alloc(MOST_BYTES), 0, MOST_BYTES, 0);
    return {
      path,
      text: buffer.toString('utf8', 0, bytesRead).replaceAll('\0', ''),
      updatedAt: Math.floor(is.mtimeMs),
    };
  } finally {
    await file.close();
  }
}

const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;
