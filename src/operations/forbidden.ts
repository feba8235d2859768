import { operationTexts } from '../cards/texts/operations.ts';
import { refuse } from './answers.ts';
import type { Context, Outcome } from './operation.ts';
import { RIGHTS } from './operation.ts';
import type { Role } from './operators-port.ts';
import type { OperationPorts } from './ports.ts';

/** Whether somebody with `held` may do what needs `needed`. */
export const allows = (held: Context['right'], needed: Context['right']): boolean =>
  RIGHTS.indexOf(held) >= RIGHTS.indexOf(needed);

/** Says what is missing and how to get it: while nobody here is admin, the line that names the first one. */
export async function mayNot(
  needed: Role,
  context: Context,
  { operators }: Pick<OperationPorts, 'operators'>,
): Promise<Outcome> {
  const t = operationTexts(context.locale).refused;
  const line = (role: Role) => `zhiban operators add ${nameFor(context)} --role ${role} --id ${context.actor.id}`;
  if (needed === 'admin') {
    // On this channel: the playground's own admin helps nobody who sits in another chat.
    return refuse(
      'forbidden',
      (await operators.anyNamed('admin', context.actor.via)) ? t.forbidden.admin : t.noAdmin(line('admin')),
    );
  }
  if (context.right === 'guest') return refuse('forbidden', t.forbidden.guest);
  if (needed === 'reader') return refuse('forbidden', t.forbidden.reader);
  return refuse('forbidden', `${t.forbidden.responder} ${line('responder')}`);
}

/** A name fit for a shell line that somebody may copy: their own where it is harmless, else a placeholder. */
const nameFor = ({ actor }: Context): string => (/^[\p{L}\p{N}_.-]{1,40}$/u.test(actor.name) ? actor.name : 'NAME');
