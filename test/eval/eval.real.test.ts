import { describe, expect, it } from 'vitest';
import { hasProgram } from '../support/monitoring.ts';
import { evaluate, restOf } from './evaluate.ts';
import { loadScenarios } from './scenario.ts';
import { isMet, linesOf } from './score/report.ts';
import { faultsOf, markdownOf } from './score/table.ts';

const missing = !hasProgram('prometheus') || !hasProgram('promtool');

describe.skipIf(missing && process.env['CI'] === undefined)('diagnosis, as npm run eval measures it', () => {
  it('keeps every limit', async () => {
    const evaluated = await evaluate(loadScenarios(), () => {});
    const lines = linesOf(evaluated.verdicts, restOf(evaluated));
    const missed = lines.filter((line) => !isMet(line));
    const said = missed.length === 0 ? '' : `${faultsOf(evaluated.verdicts).join('\n')}\n${markdownOf(lines)}`;
    expect(said).toBe('');
  });
});
