import { wordOf } from '../word-of.ts';
import type { timeline as Timeline } from '../zh-cn/timeline.ts';
import { paging } from './paging.ts';

const quoted = (text: string | undefined): string => (text ? `: ${text}` : '');

/** What happened, after the time and the person. */
export const timeline: typeof Timeline = {
  opened: () => 'opened',
  alerts: (said) => {
    const parts = [
      ...(said['joined'] ? [`${said['joined']} new`] : []),
      ...(said['resolved'] ? [`${said['resolved']} resolved`] : []),
      ...(said['returned'] ? [`${said['returned']} firing again`] : []),
    ];
    return parts.length > 0 ? `alerts: ${parts.join(', ')}` : 'alerts changed';
  },
  severity: (said) =>
    said['to']
      ? `severity now ${said['to']}${said['from'] ? `, was ${said['from']}` : ''}${said['silence'] ? ', which breaks the silence' : ''}`
      : 'severity changed',
  acknowledged: () => 'acknowledged',
  assigned: (said) => `assigned to ${said['to'] ?? 'somebody else'}`,
  noted: (said) => `noted${quoted(said['text'])}`,
  resolved: (said) => `resolved${quoted(said['cause'])}`,
  recovered: () => 'all alerts resolved',
  reopened: (said) => {
    if (said['reason'] === 'still_firing') return 'reopened: still firing';
    return said['reason'] === 'returned' ? 'reopened: firing again' : 'reopened';
  },
  stale: () => 'no news of the alerts; state unknown',
  silenced: (said) => `silenced${said['until'] ? ` until ${said['until']}` : ''}${quoted(said['reason'])}`,
  unsilenced: () => 'lifted the silence',
  silenceOver: () => 'silence over',
  diagnosis: (said) => {
    if (said['shortfall']) return said['shortfall'];
    const by = said['provider'] ? ` by ${said['provider']}` : '';
    return said['status'] ? `diagnosis${by}: ${said['status'].toLowerCase()}` : `diagnosed${by}`;
  },
  rediagnosed: () => 'asked for another diagnosis',
  confirmed: () => 'confirmed the diagnosis',
  rejected: (said) => `rejected the diagnosis${quoted(said['reason'])}`,
  reminded: () => 'still unclaimed, reminded',
  paged: (said) => {
    const by = wordOf(paging.by, said['step']);
    if (said['fault']) return paging.failed(by, wordOf(paging.fault, said['fault']));
    return `${paging.done(said['people'] ?? 'people', by)}${said['refused'] ? paging.except(said['refused']) : ''}`;
  },
};
