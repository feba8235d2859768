import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { CliDeps } from '../../src/cli/command.ts';
import { type LarkSimulator, startLarkSimulator } from '../simulators/lark/simulator.ts';
import { larkEnvironment } from '../support/lark-environment.ts';
import { type Ran, runZhiban } from './zhiban.ts';

type Environment = Readonly<Record<string, string>>;

export interface Practice {
  readonly lark: LarkSimulator;
  environment(more?: Environment): Environment;
  /** `zhiban doctor lark …` against the simulated platform. */
  doctor(more?: Environment, args?: readonly string[], edges?: Partial<CliDeps>): Promise<Ran>;
  close(): Promise<void>;
}

/** One for all tests of a file: making the tables takes longer than most of them. */
const dataDir = mkdtempSync(join(tmpdir(), 'zhiban-doctor-'));
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

/** A simulated platform, and a doctor who looks at its app; no server runs beside. */
export async function openPractice(): Promise<Practice> {
  const lark = await startLarkSimulator();
  const environment = (more: Environment = {}): Environment => ({
    PORT: '0',
    DATA_DIR: dataDir,
    LOCALE: 'en-US',
    ...larkEnvironment(lark),
    ...more,
  });
  return {
    lark,
    environment,
    doctor: (more, args = [], edges = {}) => runZhiban(environment(more), ['doctor', 'lark', ...args], edges),
    close: () => lark.stop(),
  };
}

/** The lines of what needs to be mended. */
export const bad = ({ lines }: Ran): readonly string[] => lines.filter((line) => line.startsWith('BAD '));
