import type { Answer } from '../../../src/diagnose/answer/schema.ts';

/** Something that any sound model could have said. */
export const ANSWER: Answer = {
  summary: 'checkout-7f9c was OOMKilled 7 times since 07:52.',
  causes: [
    { statement: 'The new cache outgrows the limit of 512Mi', confidence: 0.7, evidence_ids: ['E1', 'E3'] },
    { statement: 'A leak in release 1.4.2', confidence: 0.25, evidence_ids: ['E2'] },
  ],
  steps: [{ text: 'Compare memory before and after 1.4.2', risk: 'safe', runbook: null }],
  severity: 'critical',
  inconclusive: false,
  not_an_issue: false,
};
export const JSON_TEXT = JSON.stringify(ANSWER);
const PRETTY = JSON.stringify(ANSWER, null, 2);
const FENCE = '```';

/** The same answer as models really write it down; all 22 mean exactly `ANSWER`. */
export const RECOVERED: Readonly<Record<string, string>> = {
  clean: JSON_TEXT,
  'json fence': `${FENCE}json\n${PRETTY}\n${FENCE}`,
  'plain fence': `${FENCE}\n${PRETTY}\n${FENCE}`,
  'prose and fence': `Here is my "diagnosis":\n\n${FENCE}json\n${PRETTY}\n${FENCE}\nIt's {namespace} that matters.`,
  'prose and bare object': `The answer is ${JSON_TEXT} and that's all.`,
  'thinking before it': `<think>Perhaps {"summary": "a draft" … no.</think>\n${JSON_TEXT}`,
  'stray end of thinking': `Perhaps {"summary": … no.\n</think>\n\n${JSON_TEXT}`,
  'trailing commas': PRETTY.replaceAll(/([}\]"e])\n/g, '$1,\n')
    .replaceAll(',,', ',')
    .replaceAll(/[{[],/g, (at) => at[0] ?? ''),
  'single quotes': JSON_TEXT.replaceAll('"', "'"),
  'words of Python': JSON_TEXT.replaceAll('null', 'None').replaceAll('false', 'False'),
  comments: PRETTY.replace('"causes"', '// it\'s "likely": {\n  "causes"').replace(
    '"steps"',
    '/* then } do */ "steps"',
  ),
  'raw line end in a string': JSON_TEXT.replace('limit of 512Mi', 'limit\nof 512Mi'),
  'quotes unescaped': JSON_TEXT.replace('new cache', 'new "cache" thing'),
  'typographic quotes': JSON_TEXT.replaceAll(/"([^"]*)"/g, '“$1”'),
  'full-width punctuation': JSON_TEXT.replaceAll('":', '"：').replaceAll(',"', '，"'),
  'encoded twice': JSON.stringify(JSON_TEXT),
  'list of one': `[${JSON_TEXT}]`,
  wrapped: `{"result": ${JSON_TEXT}}`,
  'number in a string': JSON_TEXT.replace('0.7', '"0.7"'),
  'byte order mark': `\uFEFF${JSON_TEXT}`,
  'two objects': `{"note": "checked all of it"}\n${PRETTY}`,
  'tool call': `<tool_call>\n{"name": "diagnosis", "arguments": ${JSON_TEXT}}\n</tool_call>`,
};

/** What recovering changes, where the text itself is another. */
export const SAID: Readonly<Record<string, string>> = {
  'raw line end in a string': 'The new cache outgrows the limit\nof 512Mi',
  'quotes unescaped': 'The new "cache" thing outgrows the limit of 512Mi',
};

/** What is no answer, however much it looks like one. */
export const REJECTED: Readonly<Record<string, string>> = {
  'confidence in percent': JSON_TEXT.replace('0.7', '70'),
  'confidence with a sign': JSON_TEXT.replace('0.7', '"70%"'),
  'cut at the output limit': PRETTY.slice(0, PRETTY.indexOf('"steps"')),
  'cut although it says stop': JSON_TEXT.slice(0, JSON_TEXT.indexOf('],"steps"')),
  'cut inside a number': JSON_TEXT.slice(0, JSON_TEXT.indexOf('0.7') + 2),
  'prose only': 'The container most likely runs out of memory; look at its limits.',
  nothing: '',
  'a page of a proxy': '<html><head><title>502 Bad Gateway</title></head><body>{"error": "bad gateway"}</body></html>',
  refusal: "I'm sorry, but I can't help with that.",
  'no cause at all': JSON.stringify({ ...ANSWER, causes: [] }),
};
