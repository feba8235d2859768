import { type Answer, isJson, ok, refuse } from './answer.ts';
import { applyCard, type Clicks } from './click.ts';
import type { Deps } from './deps.ts';
import { field } from './message-body.ts';
import type { Routes } from './routes.ts';

/** Updating a card by the code that its click brought: within 30 minutes, twice, and only after the answer. */
export function delayedUpdateRoutes(deps: Deps, { tickets }: Clicks): Routes {
  function update(body: unknown): Answer {
    const ticket = tickets.get(String(field(body, 'token')));
    const card = field(body, 'card');
    if (!ticket) return refuse(300020, 'the token is invalid');
    if (ticket.expiresAt <= deps.clock.now()) return refuse(300030, 'the token has expired');
    if (ticket.usesLeft === 0) return refuse(300040, 'the token was used too often');
    // "Parallel or earlier updates fail or revert": the code for it is not documented.
    if (!ticket.answered) return refuse(300020, 'the click is not answered yet');
    if (!isJson(card)) return refuse(11311, 'the card is invalid');
    ticket.usesLeft -= 1;
    const { code } = applyCard(deps, ticket.message, { type: 'raw', data: card });
    return code === 0 ? ok() : refuse(11311, 'the card is invalid');
  }
  return { 'POST /open-apis/interactive/v1/card/update': ({ body }) => update(body) };
}
