import type { usage as Usage } from '../zh-cn/usage.ts';

/** Use of models, its limits, and what is told of them. */
export const usage: typeof Usage = {
  title: 'Model usage · last 24 hours',
  brief: (calls, tokens, money) => `Last 24 hours: ${calls}, ${tokens}, ${money}`,
  notConfigured:
    'No model is configured: diagnoses come from built-in rules and past incidents. Set OPENAI_BASE_URL and OPENAI_MODEL (or OLLAMA_…, DIFY_…) on the server to use one',
  nothing: 'No model was called in the last 24 hours',
  noLimits:
    'No budget and no quota is set: LLM_DAILY_BUDGET limits the spending of a day, zhiban quotas add limits a person or a model',
  noPrices: (n) =>
    `${n} ${n === 1 ? 'call has' : 'calls have'} no cost in this currency: after zhiban prices set, new calls count against the budget`,
  calls: (n) => `${n} ${n === '1' ? 'call' : 'calls'}`,
  failures: (n) => `${n} failed`,
  tokens: (n) => `${n} tokens`,
  mean: (seconds) => `${seconds} s on average`,
  of: (used, amount) => `${used} of ${amount}`,
  left: (amount) => `${amount} left`,
  renews: (at) => `renews ${at}`,
  band: { green: '✓ plenty left', yellow: '△ getting high', red: '‼ nearly used up', spent: '✗ used up' },
  period: { '5h': '5 hours', week: 'this week', month: 'this month' },
  subject: { person: 'person', provider: 'model' },
  heads: {
    budget: 'Today’s budget',
    providers: 'Models',
    quotas: 'Quotas',
    own: 'Your usage',
    people: 'Top users',
  },
  fields: { used: 'Used', left: 'Left', period: 'Period', renews: 'Renews', until: 'Paused until', fault: 'Why' },
  refused: (period, used, amount, at) =>
    `Your quota for models (${period}) is used up: ${used} of ${amount}. It renews ${at}`,
  events: {
    breaker: (provider) => `Model ${provider} is paused`,
    breakerText:
      'It failed again and again, or its settings are wrong. Until then other models or the built-in rules diagnose; no card waits for it.',
    quota: (name) => `Quota · ${name}`,
    leaderboard: 'Top model users · last 24 hours',
    nobody: 'Nobody asked anything: diagnoses only',
  },
  faults: {
    misconfigured: 'wrong address or settings',
    auth: 'credentials refused',
    model_missing: 'no such model',
    quota: 'the account’s credit is used up',
    rate_limited: 'too many requests',
    timeout_first_byte: 'no response in time',
    timeout_idle: 'the answer stalled',
    timeout_total: 'the answer took too long',
    stream_incomplete: 'the answer broke off',
    bad_response: 'an unreadable answer',
    unavailable: 'not reachable, or failing',
  },
};
