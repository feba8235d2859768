import { mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { isSeeded } from '../app/seed.ts';
import { backup } from '../store/backup.ts';
import type { Backend } from './backend.ts';
import { type CliDeps, CommandRefused, type OnBackend } from './command.ts';
import { addEvidenceDoctor, checkSources } from './evidence-doctor.ts';
import { addLarkDoctor } from './lark/doctor.ts';
import { addModelsDoctor } from './models-doctor.ts';
import { examineServer } from './server-doctor.ts';

/** `zhiban backup|migrate|doctor`, and what the doctor has specialists for. */
export function addMaintenance(program: Command, deps: CliDeps, onBackend: OnBackend): void {
  const { print } = deps;
  program
    .command('backup')
    .argument('[path]', 'where to; DATA_DIR/backups/… when absent')
    .description('write a checked copy of the database, also while a server runs')
    .action((path: string | undefined) =>
      onBackend(async ({ database }) => {
        const { DATA_DIR } = deps.config();
        const stamp = new Date(deps.clock.now()).toISOString().replace(/[:.]/g, '-');
        const to = resolve(path ?? join(DATA_DIR, 'backups', `zhiban-${stamp}.db`));
        mkdirSync(dirname(to), { recursive: true });
        await backup(database, to);
        print(`Copied and checked: ${to}`);
      }),
    );
  program
    .command('migrate')
    .description('bring the database up to this version')
    .action(() =>
      onBackend(async ({ applied }) => {
        print(applied.length === 0 ? 'The database is up to date.' : `Applied: ${applied.join(', ')}`);
      }),
    );
  const doctor = program
    .command('doctor')
    .description(
      'check the configuration, the database, the server on this machine, the targets and the sources of evidence',
    )
    .action(() =>
      onBackend(async (backend) => {
        const findings = await examine(backend, deps);
        for (const { ok, text } of findings) print(`${ok ? 'ok  ' : 'BAD '}${text}`);
        const bad = findings.filter(({ ok }) => !ok).length;
        if (bad > 0) throw new CommandRefused(`${bad} ${bad === 1 ? 'thing needs' : 'things need'} attention.`);
      }),
    );
  addLarkDoctor(doctor, deps, onBackend);
  addModelsDoctor(doctor, deps, onBackend);
  addEvidenceDoctor(doctor, deps);
}

interface Finding {
  readonly ok: boolean;
  readonly text: string;
}

async function examine(backend: Backend, deps: CliDeps): Promise<readonly Finding[]> {
  const { warnings, DATA_DIR } = deps.config();
  const server = await examineServer(deps);
  const sources = await checkSources(deps, 'en-US');
  const failed = await backend.deliveries.list({ state: ['dead'], limit: 1 });
  const targets = await backend.targets.list();
  const admin = await backend.operators.anyNamed('admin');
  return [
    ...warnings.map((text) => ({ ok: false, text })),
    { ok: true, text: `database: ${backend.database.engine}, data in ${resolve(DATA_DIR)}` },
    ...server,
    adminFinding(admin, await isSeeded(backend.database)),
    ...targets.map(({ name, state, pending, lastError }) => ({
      ok: state !== 'dead',
      text: `target ${name}: ${pending ? 'pending, allow it with /bind there' : state}${lastError === undefined ? '' : ` (${lastError})`}`,
    })),
    ...sources.map(({ mark, text }) => ({ ok: mark !== 'bad', text })),
    {
      ok: failed.total === 0,
      text:
        failed.total === 0
          ? 'deliveries: none failed'
          : `deliveries: ${failed.total} failed; zhiban deliveries --failed`,
    },
  ];
}

function adminFinding(admin: boolean, started: boolean): Finding {
  if (admin) return { ok: true, text: 'operators: there is an admin' };
  return started
    ? { ok: false, text: 'operators: no admin; zhiban operators add NAME --role admin --id channel:id' }
    : { ok: true, text: 'operators: none yet; the first start names those of the playground, an admin among them' };
}
