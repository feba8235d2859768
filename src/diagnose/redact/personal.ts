import type { Rule } from './rule.ts';

/** Data about people. Check digits and what stands before a number tell it from ids, sizes and times. */
export const PERSONAL_RULES: readonly Rule[] = [
  {
    kind: 'email',
    pattern: /(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,4}\.[A-Za-z]{2,24}(?![\w-])/g,
    accept: (value) =>
      !/\.(?:service|socket|timer|mount|target|slice|scope|path)$/i.test(value) && !value.startsWith('git@'),
  },
  {
    kind: 'id-card',
    pattern: /(?<!\w)[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?!\w)/g,
    accept: isIdCard,
  },
  {
    kind: 'bank-card',
    pattern: /(?<![\w.-])[2-6]\d{3}[ -]?\d{4}[ -]?\d{4}[ -]?\d{1,4}(?:[ -]?\d{1,3})?(?![\w-])(?!\.\d)/g,
    accept: isBankCard,
  },
  {
    kind: 'phone',
    pattern: /(?<![\w.+-])(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?![\w-])(?!\.\d)/g,
    accept: (value, found, text) => value.replaceAll(/\D/g, '').length > 11 || isChinesePhone(value, text, found.index),
  },
  {
    kind: 'phone',
    pattern: /(?<![\w.+])\+[1-9]\d{0,2}[ -]?(?:\(\d{1,4}\)[ -]?)?\d{2,5}(?:[ -]?\d{2,5}){1,3}(?![\w-])(?!\.\d)/g,
    accept: isInternational,
  },
  {
    kind: 'phone',
    pattern:
      /(?:电话|座机|手机|热线|(?<![A-Za-z])(?:tel|phone|mobile|fax)(?![A-Za-z]))(?:号码?|[ _-]?(?:no|number))?["']?[^\w\n+(]{1,4}(\(?\+?\d[\d ()-]{5,18}\d)(?!\w)/gi,
  },
];

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** The check digit of GB 11643. */
function isIdCard(value: string): boolean {
  const sum = WEIGHTS.reduce((total, weight, index) => total + weight * Number(value.charAt(index)), 0);
  return '10X98765432'.charAt(sum % 11) === value.charAt(17).toUpperCase();
}

/** The first digits of the large networks, and Luhn's check digit. */
function isBankCard(value: string): boolean {
  const digits = value.replaceAll(/\D/g, '');
  if (digits.length < 15 || digits.length > 19) return false;
  if (!/^(?:4|5[1-5]|62|3[4-7]|2[2-7]|6011|65|9558|60)/.test(digits)) return false;
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const digit = Number(digits.charAt(digits.length - 1 - index));
    sum += index % 2 === 0 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2;
  }
  return sum % 10 === 0;
}

const PAGE = 4096;

/** Eleven digits are a size when they are whole pages of memory, or stand behind a word of counting. */
function isChinesePhone(value: string, text: string, at: number): boolean {
  if (/[ -]/.test(value)) return true;
  if (Number(value) % PAGE === 0) return false;
  return !COUNTED.test(text.slice(Math.max(0, at - 28), at));
}
const COUNTED =
  /(?:bytes?|total|count|sum|size|seconds?|millis|nanos|[mnuμ]s|time|timestamp|seq|offset|lsn|xid|version|limit|usage|value|free|used|(?<![A-Za-z])(?:id|no|pid|ts)|字节|次数|总数|时间戳|订单号?|编号|流水号?)["'\s}\])=:]{0,6}$/i;

function isInternational(value: string): boolean {
  const digits = value.replaceAll(/\D/g, '').length;
  return digits >= 10 && digits <= 15 && !/\d{4}-\d{2}-\d{2}/.test(value);
}
