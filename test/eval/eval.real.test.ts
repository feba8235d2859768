import { describe, expect, it } from 'vitest';
import { hasProgram } from '../support/monitoring.ts';
import { evaluate, restOf } from './evaluate.ts';
import { HELD_OUT, loadScenarios } from './scenario.ts';
import { heldOutLinesOf, isMet, linesOf } from './score/report.ts';
import { faultsOf, markdownOf } from './score/table.ts';

const missing = !hasProgram('prometheus') || !hasProgram('promtool');

/** Some ninety scenarios one after another, a second and more each. */
const TIMEOUT_MS = 600_000;

describe.skipIf(missing && process.env['CI'] === undefined)('diagnosis, as npm run eval measures it', () => {
  it(
    'keeps every limit; scenarios held out are played too and held to nothing',
    async () => {
      const heldOut = loadScenarios(HELD_OUT);
      const evaluated = await evaluate(loadScenarios(), heldOut, () => {});
      const lines = linesOf(evaluated.verdicts, restOf(evaluated));
      const missed = lines.filter((line) => !isMet(line));
      const said = missed.length === 0 ? '' : `${faultsOf(evaluated.verdicts).join('\n')}\n${markdownOf(lines)}`;
      expect.soft(said).toBe('');
      expect(evaluated.heldOut.map(({ id }) => id)).toEqual(heldOut.map(({ id }) => id));
      expect(heldOutLinesOf(evaluated.heldOut).filter(({ limit }) => limit !== undefined)).toEqual([]);
    },
    TIMEOUT_MS,
  );
});
