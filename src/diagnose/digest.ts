import { createHash } from 'node:crypto';
import type { EvidencePack } from './provider.ts';

/**
 * What evidence is about, without what differs each time: numbers to two digits, times left out, ids and hashes as
 * marks. Two incidents of one digest are one question to a model. Hex SHA-256.
 */
export function digestOf({ incident, matched, evidence, locale }: EvidencePack): string {
  const facts = evidence
    .filter(({ source }) => source !== 'incident')
    .map(({ source, title, text, failed }) => `${source}\t${levelled(title)}\t${levelled(text)}\t${failed ?? ''}`);
  const about = [locale, matched?.family.id ?? '', incident.severity, incident.title, incident.labels['service'] ?? ''];
  return createHash('sha256')
    .update(JSON.stringify([about.map(levelled), facts.toSorted()]))
    .digest('hex');
}

const levelled = (text: string): string =>
  text
    .replaceAll(
      /\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?|\b\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?\b/g,
      '<time>',
    )
    .replaceAll(/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b(?=[a-z]{0,40}\d)[0-9a-f]{12,64}\b/gi, '<id>')
    .replaceAll(/\d{1,18}(?:\.\d{1,18})?/g, (digits) => String(Number(Number(digits).toPrecision(2))));
