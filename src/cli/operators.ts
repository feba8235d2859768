import { type Command, Option } from 'commander';
import type { Role } from '../operations/operators-port.ts';
import { type CliDeps, CommandRefused, type OnBackend } from './command.ts';
import { table } from './table.ts';

const ROLES = ['reader', 'responder', 'admin'] as const satisfies readonly Role[];
const ID = /^[a-z][a-z-]*:\S+$/;

interface AddOptions {
  readonly role: Role;
  readonly id?: readonly string[];
  readonly locale?: 'zh-CN' | 'en-US';
}

/** `zhiban operators add|list|remove`: who may do what. */
export function addOperators(program: Command, { print }: CliDeps, onBackend: OnBackend): void {
  const operators = program.command('operators').description('people, their roles and their accounts');
  operators
    .command('add')
    .argument('<name>', 'the name shown; the same name again changes the role and adds accounts')
    .description('name a person, or give one another role and more accounts')
    .addOption(new Option('--role <role>', 'what they may do').choices(ROLES).default('responder'))
    .option('--id <channel:id>', 'an account, such as lark:ou_…; may be repeated', collect)
    .addOption(new Option('--locale <locale>', 'the language of answers').choices(['zh-CN', 'en-US']))
    .action((name: string, { role, id: ids = [], locale }: AddOptions) =>
      onBackend(async (backend) => {
        const wrong = ids.find((id) => !ID.test(id));
        if (wrong !== undefined) throw new CommandRefused(`--id ${wrong}: write channel:id, such as lark:ou_…`);
        const before = await Promise.all(ids.map((id) => backend.operators.byExternalId(id)));
        const added = await backend.operators.add({ name, role, ids, ...(locale === undefined ? {} : { locale }) });
        await backend.record('operators.add', added.id);
        for (const [index, owner] of before.entries()) {
          if (owner !== undefined && owner.id !== added.id) print(`${ids[index] ?? ''} was ${owner.name}’s until now.`);
        }
        print(`${added.name} is ${added.role}${added.ids.length > 0 ? `, known as ${added.ids.join(', ')}` : ''}.`);
      }),
    );
  operators
    .command('list')
    .description('everybody who is named')
    .action(() =>
      onBackend(async (backend) => {
        const all = await backend.operators.list();
        const rows = all.map(({ name, role, ids }) => [name, role, ids.join(' ')]);
        for (const line of table(['NAME', 'ROLE', 'ACCOUNTS'], rows)) print(line);
      }),
    );
  operators
    .command('remove')
    .argument('<name>', 'name or id')
    .description('forget a person and the accounts')
    .action((name: string) =>
      onBackend(async (backend) => {
        const found = await backend.operators.find(name);
        if (found === undefined) throw new CommandRefused(`Nobody is called ${name}; zhiban operators list names all.`);
        await backend.operators.remove(found.id);
        await backend.record('operators.remove', found.id);
        print(`${found.name} is removed.`);
      }),
    );
}

const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];
