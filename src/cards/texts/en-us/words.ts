import type { words as Words } from '../zh-cn/words.ts';

/** Words for states and kinds, used wherever one of them is shown. */
export const words: typeof Words = {
  severity: { critical: 'Critical', warning: 'Warning', info: 'Info' },
  status: { open: 'Unclaimed', acknowledged: 'Acknowledged', resolved: 'Resolved' },
  alertStatus: { firing: 'firing', resolved: 'resolved' },
  diagnosisStatus: {
    pending: 'Diagnosing',
    ready: 'Diagnosed',
    inconclusive: 'Inconclusive',
    not_an_issue: 'Likely fine',
    confirmed: 'Confirmed',
    rejected: 'Rejected',
    failed: 'Diagnosis failed',
  },
  risk: { safe: 'safe', careful: 'careful', dangerous: 'dangerous' },
  linkKind: {
    graph: 'Graph',
    dashboard: 'Dashboard',
    panel: 'Panel',
    runbook: 'Runbook',
    source: 'Alert source',
    silence: 'Silence page',
    image: 'Screenshot',
    other: 'Link',
  },
  right: { responder: 'Responders', admin: 'Admins' },
  duration: {
    day: (n) => `${n} d`,
    hour: (n) => `${n} h`,
    minute: (n) => `${n} min`,
    second: (n) => `${n} s`,
    between: ' ',
  },
  shortfall: {
    failed: 'No model gave a usable answer; this is the rules’ diagnosis.',
    timeout: 'No model answered in time; this is the rules’ diagnosis.',
    breaker_open: 'The model kept failing and is paused; this is the rules’ diagnosis.',
    busy: 'The model was busy; this is the rules’ diagnosis.',
    budget: 'Today’s budget for models is used up; this is the rules’ diagnosis.',
    quota: 'The quota for models is used up; this is the rules’ diagnosis.',
    storm: 'A storm is diagnosed as a whole, on its card; “Diagnose again” looks at this one alone.',
    unstructured: 'The model’s answer could not be checked; this is the rules’ diagnosis.',
  },
};
