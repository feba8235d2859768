import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Line } from './report.ts';
import { markdownOf } from './table.ts';

const FILES = ['evaluation.md', 'evaluation.zh-CN.md'].map((name) => join(import.meta.dirname, '../../../docs', name));
const BETWEEN = {
  results: /(?<=<!-- results -->\n)[\s\S]*(?=<!-- \/results -->)/,
  'held-out': /(?<=<!-- held-out -->\n)[\s\S]*(?=<!-- \/held-out -->)/,
} as const;

/** Puts the numbers and their date where the documentation has the table of that name. */
export function writeTables(name: keyof typeof BETWEEN, lines: readonly Line[], at: Date): void {
  const table = `\n${at.toISOString().slice(0, 10)}\n\n${markdownOf(lines)}\n\n`;
  for (const file of FILES)
    writeFileSync(
      file,
      readFileSync(file, 'utf8').replace(BETWEEN[name], () => table),
    );
}
