/** How a line about a series says that it changed. */
const ROSE = /; rose from about|; jumped from|(grew|grows) steadily|起从约 .{1,40} 升到约|从 .{1,40} 突增到|持续上升/;
const GREW = /(grew|grows) steadily|持续上升/;
const CHANGED =
  /; (rose|fell) from about|; (jumped|dropped) from|(grew|grows|falls|fell) steadily|; (first seen at|not seen after)|起从约|突增到|突降到|持续(上升|下降)|才出现|之后没有数据/;

/** Failures are no traffic. */
const FAILURES = /(status|code)="5/;

export const hasChanged = (line: string): boolean => CHANGED.test(line);

/** Whether a metric that a pattern names rose. */
export const isRising = (text: string, named: RegExp): boolean =>
  text.split('\n').some((line) => named.test(line) && ROSE.test(line) && !FAILURES.test(line));

/** Whether a metric that a pattern names grew steadily. */
export const isGrowing = (text: string, named: RegExp): boolean =>
  text.split('\n').some((line) => named.test(line) && GREW.test(line));
