import { createHash } from 'node:crypto';
import type { EvidencePack } from './provider.ts';

/**
 * What evidence is about, without what differs each time: numbers to two digits, times left out, ids and hashes as
 * marks. Two incidents of one digest are one question to a model. Hex SHA-256.
 */
export function digestOf({ incident, matched, evidence, locale }: EvidencePack): string {
  const facts = inOrder(evidence).map(({ fact }) => fact);
  const about = [locale, matched?.family.id ?? '', incident.severity, incident.title, incident.labels['service'] ?? ''];
  return createHash('sha256')
    .update(JSON.stringify([about.map(levelled), facts]))
    .digest('hex');
}

/** The ids of what a digest is of, in its order: at the same place, two packs of one digest say the same. */
export const idsInOrder = ({ evidence }: Pick<EvidencePack, 'evidence'>): readonly string[] =>
  inOrder(evidence).map(({ id }) => id);

/** Past incidents are left out: each incident has others. */
const inOrder = (evidence: EvidencePack['evidence']): readonly { readonly id: string; readonly fact: string }[] =>
  evidence
    .filter(({ source }) => source !== 'incident')
    .map(({ id, source, title, text, failed }) => ({
      id,
      fact: `${source}\t${levelled(title)}\t${levelled(text)}\t${failed ?? ''}`,
    }))
    .toSorted((a, b) => (a.fact < b.fact ? -1 : a.fact > b.fact ? 1 : 0));

const levelled = (text: string): string =>
  text
    .replaceAll(
      /\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?|\b\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?\b/g,
      '<time>',
    )
    .replaceAll(/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b(?=[a-z]{0,40}\d)[0-9a-f]{12,64}\b/gi, '<id>')
    .replaceAll(/\d{1,18}(?:\.\d{1,18})?/g, (digits) => String(Number(Number(digits).toPrecision(2))));
