import { anyObject, anything, between, type Check, either, flag, listOf, oneOf, only, pattern, text } from './check.ts';
import { elementId, horizontalAlign, margin } from './shapes.ts';

const column = only(
  {
    name: text(),
    display_name: text(),
    data_type: oneOf('text', 'lark_md', 'options', 'number', 'persons', 'date', 'markdown'),
    width: text(),
    vertical_align: oneOf('top', 'center', 'bottom'),
    horizontal_align: horizontalAlign,
    format: anyObject,
    date_format: text(),
  },
  'name',
  'data_type',
);

const shape = only(
  {
    tag: text(),
    element_id: elementId,
    margin,
    page_size: between(1, 10),
    row_height: either(oneOf('low', 'middle', 'high', 'auto'), pattern(/^\d{2,3}px$/, 'a height')),
    row_max_height: text(),
    freeze_first_column: flag,
    header_style: anyObject,
    columns: listOf(column, 50),
    rows: anything,
  },
  'tag',
  'columns',
);

/** At most five in a card (the official number); rows name only declared columns (200914, 200915). */
export const table: Check = (value, walk) => {
  shape(value, walk);
  walk.seen.tables += 1;
  const complain = (subCode: number, message: string): number =>
    walk.seen.problems.push({ subCode, path: walk.path, message });
  if (walk.seen.tables > 5) complain(11310, 'table number over limit');
  const { columns, rows = [] } = value as { columns?: unknown; rows?: unknown };
  if (!Array.isArray(rows)) {
    complain(200914, 'table rows is invalid');
    return;
  }
  const names = new Set((Array.isArray(columns) ? columns : []).map((each: { name?: unknown }) => each.name));
  const stray = rows.flatMap((row: unknown) => Object.keys(row ?? {})).find((name) => !names.has(name));
  if (stray !== undefined) complain(200915, `table rows name is invalid: ${stray}`);
};
