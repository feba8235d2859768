import { startOf, toldOf } from '../facts.ts';
import type { EvidencePack } from '../provider.ts';
import type { Heard } from './hear.ts';

const BEFORE_MS = 2 * 3_600_000;
const SKEW_MS = 5 * 60_000;

/** Work that is announced to disturb, in the words of those who announce it. */
const PLANNED =
  /\bplanned\b|maintenance|\bdrill\b|game ?day|chaos (test|experiment|engineering)|fail-?over (test|exercise)|(load|stress|soak|penetration) ?test|disaster recovery (test|exercise)|(backup|change|patch(ing)?|upgrade|service|downtime) window|scheduled (downtime|restart|reboot|work|outage|backup|upgrade|patching|switch-?over)|(weekly|nightly|monthly|quarterly) ([a-z]+ )?(backup|restart|reboot|patching|test)|计划(内|维护|停机|重启|升级|割接|切换)|维护|演练|压测|压力测试|割接|混沌(实验|工程|测试)|例行|(停机|变更|备份|升级|切换|巡检|重启)窗口|(每日|每天|每晚|每周|每月|每季度|季度|定期)(全量|增量|滚动)?(备份|重启|巡检|切换)/i;
/** A release of the routine kind may break something like any other. */
const UNPLANNED = /\bunplanned\b|非计划|计划外|maintenance release|例行(发布|上线|发版|迭代|版本)|维护(版本|性发布)/i;
const OVER = /\b(completed|finished|ended|cancell?ed|postponed|is over)\b|已?(结束|完成|取消|推迟|延期)/i;

/** How the evidence of a change says that it concerns the alert, on a line of its own. */
const CONCERNS =
  /^(same service as the alert|the alert names this service|same namespace as the alert|shares labels with the alert|与告警是同一服务|告警里提到了这个服务|与告警在同一命名空间|与告警有相同的标签)$/;

/** Labels by which senders mark what fires during announced work. */
const MARKS = /^(maintenance|in_maintenance|drill|chaos|维护|演练)$/i;

/** The announcement of planned work that was going on when the incident began; none when it was over by then. */
export function plannedWork(pack: EvidencePack, heard: readonly Heard[]): string | undefined {
  const marked = toldOf(pack).every(({ labels }) =>
    Object.entries(labels).some(([name, value]) => MARKS.test(name) && /^(true|1|yes|on|是)$/i.test(value)),
  );
  if (marked) return pack.incident.title;
  const startedAt = startOf(pack);
  const changes = heard.filter(
    ({ kind, source, at }) =>
      kind === 'change' && source === 'changes' && at >= startedAt - BEFORE_MS && at <= startedAt + SKEW_MS,
  );
  const announced = changes.filter(({ id }) => concerns(pack, id)).map((one) => [one, headOf(one)] as const);
  const ended = announced.filter(([, head]) => PLANNED.test(head) && OVER.test(head)).map(([{ at }]) => at);
  const [last] = announced
    .filter(([, head]) => PLANNED.test(head) && !OVER.test(head) && !UNPLANNED.test(head))
    .filter(([{ at }]) => !ended.some((end) => end >= at))
    .map(([, head]) => head);
  return last;
}

/** What was done, in its author's words: the first line of the text. */
const headOf = ({ title, text }: Heard): string => text.slice(title.length + 1).split('\n', 1)[0] ?? '';

const concerns = ({ evidence }: EvidencePack, id: string): boolean =>
  evidence.some(
    (item) =>
      item.id === id &&
      item.text
        .split('\n')
        .slice(1)
        .some((line) => CONCERNS.test(line)),
  );
