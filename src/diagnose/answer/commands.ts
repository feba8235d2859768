/**
 * Text without the commands in it, save those known to only read: what people run is chosen by rules and runbooks, never by
 * a model. Each goes to the end of its sentence and leaves `…`. Expects one line of plain text; linear but for bounded tails.
 */
export function withoutCommands(text: string): { readonly text: string; readonly removed: number } {
  const kept: string[] = [];
  let from = 0;
  let at = 0;
  for (let found = next(text, at); found !== undefined; found = next(text, at)) {
    const sentence = TAIL.exec(text.slice(found.index, found.index + LONGEST))?.[0] ?? found[0];
    if (onlyReads(sentence)) {
      at = found.index + sentence.length;
      continue;
    }
    kept.push(text.slice(from, found.index));
    from = found.index + Math.max(sentence.length, found[0].length);
    at = from;
  }
  if (from === 0) return { text, removed: 0 };
  return { text: [...kept, text.slice(from)].join('…'), removed: kept.length };
}

/** The next program that is known, or whatever takes options before it comes. */
function next(text: string, from: number): RegExpExecArray | undefined {
  KNOWN.lastIndex = from;
  UNKNOWN.lastIndex = from;
  const known = KNOWN.exec(text);
  const unknown = UNKNOWN.exec(text);
  if (known === null || unknown === null) return known ?? unknown ?? undefined;
  return known.index <= unknown.index + unknown[0].length ? known : unknown;
}

const LONGEST = 600;
/** To the end of the sentence; a full stop inside a name ends nothing. */
const TAIL = /^(?:(?![.;!?](?:\s|$))[^\n。；！？，、\p{Script=Han}])+/u;

/** Programs that are also spoken of: commands only before a verb of theirs or an option. */
const PROGRAMS =
  'kubectl|oc|helm|kustomize|argocd|docker|docker-compose|podman|nerdctl|crictl|ctr|systemctl|journalctl|rc-service|supervisorctl|ansible|' +
  'ansible-playbook|terraform|tofu|pulumi|etcdctl|redis-cli|mysql|mysqladmin|psql|pg_ctl|mongosh?|clickhouse-client|rabbitmqctl|rabbitmqadmin|' +
  'iptables|ip6tables|nft|ufw|firewall-cmd|sysctl|apt|apt-get|yum|dnf|pip3?|npm|npx|git|vault|consul|nomad|nginx|service \\S{1,60}';
const VERBS =
  'get|describe|logs|exec|apply|delete|create|edit|patch|scale|autoscale|rollout|drain|cordon|uncordon|taint|label|annotate|set|run|cp|replace|' +
  'port-forward|proxy|debug|attach|expose|certificate|auth|top|explain|events|config|restart|stop|start|reload|kill|rm|rmi|pull|push|build|compose|' +
  'system|volume|network|image|container|status|inspect|stats|ps|enable|disable|mask|isolate|daemon-reload|list|history|upgrade|install|uninstall|rollback|' +
  'update|remove|purge|destroy|plan|app|sync|put|del|seal|unseal|kv|reset|revert|checkout|clean|rebase|merge|commit|clone|fetch|log|show|diff|blame|' +
  'flushall|flushdb|route|link|addr|shutdown|promote|reopen|delete_queue|stop_app|reset_app';
/** Programs before whatever they take. */
const ALWAYS =
  'sudo|doas|xargs|nohup|pkill|killall|umount|chmod|chown|chattr|useradd|userdel|usermod|mkfs(?:\\.\\w+)?|fdisk|lvremove|vgremove|swapoff|setenforce';
/** Programs that take an address or a script. */
const OPENERS = 'curl|wget|ssh|scp|rsync|nc|ncat|socat|telnet|bash|sh|zsh|python3?|perl|ruby|pwsh|powershell';
/** Plain English too: programs only before an option, a path or a number. */
const EITHER = 'rm|mv|cp|ln|kill|init|truncate|tee|sed|awk|dd|shred|wipe|find|eval';
/** Programs that cannot change anything. */
const READERS =
  'df|du|free|top|uptime|vmstat|iostat|netstat|ps|lsof|lsblk|nslookup|dig|ping|traceroute|mtr|tail|cat|grep|ls';
const CLOUDS = 'aws|gcloud|gsutil|az|aliyun';
const STATEMENTS =
  '(?:drop|truncate|alter|create)\\s+(?:table|database|schema|index|user|role|view|system)\\s+\\S|delete\\s+from\\s|insert\\s+into\\s|' +
  'ip\\s+(?:link|route|addr)\\s+(?:set|add|del)|update\\s+\\S{1,60}\\s+set\\s|grant\\s+\\S{1,60}\\s+(?:on|to)\\s|set\\s+global\\s|flush(?:all|db)\\b|config\\s+set\\s|db\\.\\w{1,60}\\.\\w{1,30}\\(|' +
  '(?:Remove|Stop|Restart|Set|New|Invoke|Start|Clear|Disable|Enable|Format)-[A-Z]\\w+\\s';
/** Whatever takes options is run: `name --option`, `name verb -x`. */
const OPTIONS = '[a-z][\\w.-]{1,30}(?:\\s[\\w./=-]{1,60}){0,3}\\s--?[a-z][\\w-]{0,40}';
const UNKNOWN = new RegExp(`(?<![\\w./-])(?:${OPTIONS})`, 'gi');
const KNOWN = new RegExp(
  `(?<![\\w./-])(?:(?:${PROGRAMS})\\s+(?:(?:${VERBS})\\b|-)|(?:${ALWAYS})\\s+\\S|(?:${OPENERS})\\s+(?:[-/~.]|[\\w-]{1,63}[.[:/@])|` +
    `(?:${EITHER})\\s+(?=[-/~$.\\d%]|\\w+=)|(?:${CLOUDS})\\s+[\\w-]{1,40}\\s+(?:[\\w-]{1,40}\\s+)?[a-z]{2,20}-[a-z]|` +
    `${STATEMENTS}|\\.{0,2}/[\\w./-]{1,100}\\s+-|\\|\\s{0,3}(?:ba|z)?sh\\b|(?:${READERS})\\s+[-/])`,
  'gi',
);

/** What could join a second command, write a file or fill in something else. */
const JOINED = /[|&;$`\\<>＜＞{]|\bsecrets?\b|\btoken/i;
const ONLY_READS: readonly RegExp[] = [
  /^(?:kubectl|oc)\s+(?:(?:-n|--namespace)[ =][\w.-]{1,63}\s+)?(?:get|describe|logs|top|explain|events|rollout\s+(?:status|history))\b/i,
  /^helm\s+(?:(?:-n|--namespace)[ =][\w.-]{1,63}\s+)?(?:list|status|history)\b/i,
  /^(?:docker|podman|crictl|nerdctl)\s+(?:ps|logs|inspect|stats|images|top)\b/i,
  /^systemctl\s+(?:status|list-units|is-active|is-failed)\b/i,
  /^journalctl\s(?!.*--(?:vacuum|rotate|flush|sync))/i,
  /^git\s+(?:log|show|diff|blame)\b/i,
  new RegExp(`^(?:${READERS})\\s+[-/\\w]`),
];

const onlyReads = (sentence: string): boolean =>
  !JOINED.test(sentence) && ONLY_READS.some((pattern) => pattern.test(sentence)) && !ANOTHER.test(sentence);

/** A second command in the same sentence. */
const ANOTHER = new RegExp(
  `\\s(?:(?:${PROGRAMS})\\s+(?:${VERBS})|(?:${ALWAYS}|${OPENERS})\\s|(?:${EITHER})\\s+[-/~$.\\d]|(?:delete|exec|apply)\\b)`,
  'i',
);
