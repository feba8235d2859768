import { parseDuration } from '../incident/duration.ts';

const CHINESE = [
  [/天|日/gu, 'd'],
  [/小时|个小时|钟头/gu, 'h'],
  [/分钟|分/gu, 'm'],
  [/秒钟|秒/gu, 's'],
] as const;

/** Reads `2h`, `1h30m`, `30d` and what people say for them in Chinese (`2小时`, `30分钟`) into ms. */
export const readDuration = (text: string): number | undefined =>
  parseDuration(CHINESE.reduce((said, [word, unit]) => said.replace(word, unit), text.normalize('NFKC')));
