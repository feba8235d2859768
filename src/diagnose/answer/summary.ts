import type { Locale } from '../../types.ts';
import type { Known } from './named.ts';

const MARK: Readonly<Record<Locale, string>> = { 'zh-CN': '（未核实）', 'en-US': ' (unverified)' };

/** The summary with a mark in every sentence that names what no evidence names. */
export const summaryOf = (text: string, known: Known, locale: Locale): string =>
  text
    .split(SENTENCE)
    .map((sentence) => (known.unknownIn(sentence).length === 0 ? sentence : marked(sentence, MARK[locale])))
    .join('');

/** After the sign that ends a sentence; a full stop inside a name ends none. */
const SENTENCE = /(?<=[。！？；])|(?<=[.!?;])(?=\s)/u;

const marked = (sentence: string, mark: string): string => {
  const end = /[。！？；.!?;…]?$/u.exec(sentence)?.index ?? sentence.length;
  return `${sentence.slice(0, end)}${mark}${sentence.slice(end)}`;
};
