import { formJson } from './dify-form.ts';
import { type Json, Refusal, type World } from './dify-world.ts';

type Route = (
  world: World,
  given: { readonly id: string; readonly user: string; readonly body: Json; readonly path: string },
) => Json;

/** Everything but the questions themselves. */
export function routeOf(world: World, method: string, path: string, query: URLSearchParams, body: Json): Json {
  const user = typeof body['user'] === 'string' ? body['user'] : (query.get('user') ?? '');
  for (const [pattern, route] of ROUTES) {
    const id = pattern.exec(`${method} ${path}`)?.[1];
    if (id !== undefined) return route(world, { id: id || (query.get('conversation_id') ?? ''), user, body, path });
  }
  throw new Refusal(404, 'not_found', 'The requested URL was not found on the server.');
}

const ROUTES: ReadonlyArray<readonly [RegExp, Route]> = [
  [/^GET \/info()$/, ({ app: { name, mode } }) => ({ name, description: '', tags: [], mode, author_name: 'Ops' })],
  [/^GET \/parameters()$/, ({ app }) => ({ opening_statement: '', user_input_form: formJson(app.form) })],
  [/^POST \/chat-messages\/([^/]+)\/stop$/, stopOwn],
  [/^POST \/completion-messages\/([^/]+)\/stop$/, stopOwn],
  [/^POST \/workflows\/tasks\/([^/]+)\/stop$/, (world, { id, user, path }) => stop(world, id, user, path, true)],
  [/^POST \/messages\/([^/]+)\/feedbacks$/, feedback],
  [/^GET \/workflows\/run\/([^/]+)$/, run],
  [/^GET \/conversations()$/, conversations],
  [/^GET \/messages()$/, messages],
  [/^DELETE \/conversations\/([^/]+)$/, dropConversation],
];

/** Says success to a wrong user too, and does nothing. */
function stopOwn(world: World, { id, user, path }: Parameters<Route>[1]): Json {
  return stop(world, id, user, path, world.tasks.get(id)?.user === user);
}

function stop({ tasks, stops }: World, id: string, user: string, path: string, allowed: boolean): Json {
  const task = tasks.get(id);
  const effective = allowed && task !== undefined;
  stops.push({ path, user, effective });
  if (effective) task.stop.abort();
  return { result: 'success' };
}

function feedback(world: World, { id, user, body }: Parameters<Route>[1]): Json {
  if (world.app.mode === 'workflow' || world.app.mode === 'agent') throw new Refusal(404, 'not_found', 'Not found.');
  const message = world.messages.get(id);
  if (message?.user !== user) throw new Refusal(404, 'not_found', 'Message Not Exists.');
  const rating = body['rating'] ?? null;
  if (rating !== 'like' && rating !== 'dislike' && rating !== null) {
    throw new Refusal(400, 'invalid_param', 'rating must be like, dislike or null');
  }
  if (rating === null && message.rating === null) {
    throw new Refusal(400, 'invalid_param', 'rating cannot be None when feedback not exists');
  }
  message.rating = rating;
  world.feedbacks.push({ messageId: id, rating, content: body['content'] });
  return { result: 'success' };
}

function run({ app, runs }: World, { id }: Parameters<Route>[1]): Json {
  if (app.mode !== 'workflow' && app.mode !== 'advanced-chat') {
    throw new Refusal(400, 'not_workflow_app', 'Please check if your app mode matches the right API route.');
  }
  const found = runs.get(id);
  if (found === undefined) throw new Refusal(404, 'not_found', 'Workflow run not found.');
  const { inputs, outputs, error, tokens } = found;
  const running = found.runningFor > 0;
  found.runningFor -= 1;
  return {
    id,
    workflow_id: 'wf-1',
    status: running ? 'running' : found.status,
    // A text here, unlike the outputs.
    inputs: JSON.stringify(inputs),
    outputs: running ? null : outputs,
    error,
    total_steps: 3,
    total_tokens: tokens,
    created_at: 1_705_395_332,
    finished_at: running ? null : 1_705_395_333,
    elapsed_time: 1.2,
  };
}

function conversations(world: World, { user }: Parameters<Route>[1]): Json {
  const own = [...world.conversations].filter(([, conversation]) => conversation.user === user);
  return { limit: 20, has_more: false, data: own.map(([id]) => ({ id, name: 'New conversation', inputs: {} })) };
}

function messages(world: World, { id, user }: Parameters<Route>[1]): Json {
  if (world.conversations.get(id)?.user !== user) throw new Refusal(404, 'not_found', 'Conversation Not Exists.');
  const own = [...world.messages].filter(([, { conversationId }]) => conversationId === id);
  const data = own.map(([message, { rating }]) => ({ id: message, conversation_id: id, feedback: { rating } }));
  return { limit: 20, has_more: false, data };
}

function dropConversation(world: World, { id, user }: Parameters<Route>[1]): Json {
  if (world.conversations.get(id)?.user !== user) throw new Refusal(404, 'not_found', 'Conversation Not Exists.');
  world.conversations.delete(id);
  return { result: 'success' };
}
