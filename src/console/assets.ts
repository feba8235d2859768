import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import express, { type RequestHandler } from 'express';

/** `public/` stands beside `src/` and, in the package, beside `dist/`. */
const FOLDER = join(import.meta.dirname, '../../public');

export interface Assets {
  readonly serve: RequestHandler;
  /** The address of a file, different whenever any file of the folder is. */
  address(file: string): string;
}

/** The pages' styles and scripts: cached for ever under an address that changes with them. */
export function openAssets(): Assets {
  const digest = createHash('sha256');
  for (const name of readdirSync(FOLDER).toSorted()) digest.update(name).update(readFileSync(join(FOLDER, name)));
  const version = digest.digest('base64url').slice(0, 10);
  return {
    // Scripts import each other by relative addresses, so the version is a folder and not a query.
    serve: express.static(FOLDER, { index: false, redirect: false, immutable: true, maxAge: '365d' }),
    address: (file) => `/assets/${version}/${file}`,
  };
}
