import { wordOf } from '../word-of.ts';
import { paging } from './paging.ts';

/** Facts of a timeline entry as readable strings, absent ones empty. */
export type Said = Readonly<Record<string, string>>;

const quoted = (text: string | undefined): string => (text ? `：${text}` : '');

/** What happened, after the time and the person. */
export const timeline = {
  opened: () => '故障产生',
  alerts: (said: Said) => {
    const parts = [
      ...(said['joined'] ? [`新增 ${said['joined']} 条告警`] : []),
      ...(said['resolved'] ? [`${said['resolved']} 条恢复`] : []),
      ...(said['returned'] ? [`${said['returned']} 条再次触发`] : []),
    ];
    return parts.length > 0 ? parts.join('，') : '告警有变化';
  },
  severity: (said: Said) =>
    said['to']
      ? `级别变为${said['to']}${said['from'] ? `（原${said['from']}）` : ''}${said['silence'] ? '，静默解除' : ''}`
      : '级别变化',
  acknowledged: () => '认领',
  assigned: (said: Said) => `指派给 ${said['to'] ?? '他人'}`,
  noted: (said: Said) => `备注${quoted(said['text'])}`,
  resolved: (said: Said) => `解决${quoted(said['cause'])}`,
  recovered: () => '告警全部恢复，故障结束',
  reopened: (said: Said): string => {
    if (said['reason'] === 'still_firing') return '告警仍在触发，重新打开';
    return said['reason'] === 'returned' ? '告警再次出现，重新打开' : '重新打开';
  },
  stale: () => '久未收到告警，现状未知',
  silenced: (said: Said) => `静默${said['until'] ? `至 ${said['until']}` : ''}${quoted(said['reason'])}`,
  unsilenced: () => '解除静默',
  silenceOver: () => '静默结束',
  diagnosis: (said: Said) => {
    if (said['shortfall']) return said['shortfall'];
    const who = said['provider'] === 'rules' ? '规则' : said['provider'] ? `${said['provider']} ` : '自动';
    return said['status'] ? `${who}诊断：${said['status']}` : `${who}诊断完成`;
  },
  rediagnosed: () => '要求重新诊断',
  confirmed: () => '确认诊断',
  rejected: (said: Said) => `否决诊断${quoted(said['reason'])}`,
  reminded: () => '无人认领，再次提醒',
  paged: (said: Said) => {
    const by = wordOf(paging.by, said['step']);
    if (said['fault']) return paging.failed(by, wordOf(paging.fault, said['fault']));
    return `${paging.done(said['people'] ?? '值班人', by)}${said['refused'] ? paging.except(said['refused']) : ''}`;
  },
};
