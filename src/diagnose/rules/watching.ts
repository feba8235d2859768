import { type Family, text } from './family.ts';

export const CLOCK_SKEW: Family = {
  id: 'clock_skew',
  depth: 3,
  names:
    /(?<![a-z])clock[\s_-]?(skew|drift|sync|not|offset|unsync|is)|node_?clock|(?<![a-z])(ntp|chrony)|time ?(skew|drift|sync)|时钟|时间(不同步|偏差|漂移|同步)|对时/i,
  words: /clock (skew|drift|is out of sync|not synchroni)|ntp|时钟(偏差|偏移|不同步)/i,
  says: /clock (skew|drift|is not synchroni|unsynchroni)|system clock wrong|can't synchroni|no (suitable source|selectable sources)|forward time jump|clock difference|requesttimetooskewed|high clock drift|token (used before issued|is not valid yet)|时钟(偏差|偏移|不同步|漂移)|时间(偏差|不同步)|prematurejwt|jwt must not be accepted|clockoutofsync|clock synchroni[sz]ation error|signature expired: |invalidtimestamp|timestamp is ahead|time reset [-+]?\d|token is not yet valid|时间戳(已过期|超前|无效)/i,
  suggests: /\bntp|chrony|timesyncd|时钟|对时/i,
  metrics:
    /node_timex|ntp_offset|chrony_|clock_(offset|skew)|Clock offset|时钟偏差|the clock is synchronised|时钟是否|error of the clock|时钟的最大误差|ntp_(drift|time)/i,
  hint: text('{host|某台主机}的时钟不准或没有同步', 'The clock of {host|a host} is wrong or not synchronised'),
  summary: text(
    '{host|该主机}的时间有偏差：证书、令牌、日志顺序和选主都会受影响。',
    'The time of {host|the host} is off: certificates, tokens, log order and elections suffer.',
  ),
  causes: [
    {
      id: 'daemon',
      prior: 0.45,
      text: text(
        '对时服务（chronyd、ntpd、timesyncd）没有运行',
        'The time service (chronyd, ntpd, timesyncd) does not run',
      ),
      signs:
        /not ?synchroni|chronyd.{0,60}(exiting|inactive|failed)|ntpd.{0,60}(exited|failed)|timesyncd.{0,60}failed|stopped .{0,40}(ntp|network time)|未同步|停止/i,
    },
    {
      id: 'source',
      prior: 0.35,
      text: text('时间服务器不可达，或 UDP 123 被挡', 'Its time servers cannot be reached, or UDP 123 is blocked'),
      signs:
        /no (suitable source|selectable sources)|can't synchroni|source .{1,60}(offline|unreachable)|timed out waiting for reply|udp (port )?123|时间(服务器|源)(不可达|无响应)|防火墙/i,
    },
    {
      id: 'virtual',
      prior: 0.2,
      text: text('虚拟机暂停、迁移后时间跳变', 'The virtual machine was paused or moved and its time jumped'),
      signs: /live migration|suspend|forward time jump|tsc unstable|clocksource|虚拟机|迁移/i,
    },
  ],
  steps: [
    {
      text: text('在该主机上看同步状态', 'On that host, see whether it is synchronised'),
      risk: 'safe',
      command: 'timedatectl status',
    },
    {
      text: text('看时间源和偏差', 'See its time sources and how far it is off'),
      risk: 'safe',
      command: 'chronyc tracking',
    },
    { text: text('重启对时服务', 'Restart the time service'), risk: 'careful' },
  ],
};

export const DEAD_MANS_SWITCH: Family = {
  id: 'dead_mans_switch',
  depth: 3,
  names:
    /monitoring ?(is )?silent|(heart_?\s?beat|watchdog|dead_?\s?man'?s?\s?_?switch).{0,12}(miss|lost|loss|fail|stop|timeout|gone|absent|silent|expired|not)|(missing|lost|no)[\s_-]?(heart_?\s?beat|watchdog)|alertmanager.{0,24}(down|fail|missing)|prometheus.{0,10}(down|not ?connected)|心跳.{0,6}(丢失|中断|停止|超时|异常|缺失)|监控(失联|沉默|静默|中断)|error ?sending ?alerts|rule ?failures|not ?ingesting/i,
  words: /monitoring is silent|heartbeat .{0,60}(no longer arrives|missing|lost)|心跳(丢失|中断)/i,
  says: /error sending alerts?|notify for alerts failed|opening storage failed|监控(失联|中断)|notification queue full|evaluating rule failed|would load too many samples|心跳.{0,6}(中断|丢失|缺失)/i,
  suggests: /alertmanager|tsdb/i,
  metrics:
    /notifications_(errors|dropped|failed)|Notifications that could|发不出去的通知|Notifications waiting|通知队列|rule_evaluation_failures|notifications_queue|head_samples_appended|alertmanager_cluster_members/i,
  hint: text(
    '监控心跳[（{integration}）]中断：在恢复之前，其他告警可能到不了这里',
    'The heartbeat of the monitoring[ ({integration})] is gone: until it returns, other alerts may not arrive',
  ),
  summary: text(
    '一直在发的心跳停了。没有告警不等于没有问题：监控链路本身可能断了。',
    'A heartbeat that always came has stopped. No alerts does not mean no trouble: the monitoring itself may be cut off.',
  ),
  causes: [
    {
      id: 'prometheus',
      prior: 0.35,
      text: text('Prometheus 停止、重启或磁盘写满', 'Prometheus stopped, restarts or has a full disk'),
      signs:
        /prometheus.{0,60}(down|stop|crash|restart|oom|kill|fail|exit)|opening storage failed|tsdb|no space left|disk full/i,
    },
    {
      id: 'alertmanager',
      prior: 0.3,
      text: text(
        'Alertmanager 停止，或其配置、路由、静默改动后不再发送',
        'Alertmanager stopped, or a change of its routes or silences keeps it from sending',
      ),
      signs:
        /alertmanager.{0,60}(down|stop|crash|fail|refused|missing)|notify for alerts failed|loading configuration file failed|路由|静默/i,
      changed: /alertmanager|route|silence|路由|静默/i,
    },
    {
      id: 'network',
      prior: 0.25,
      text: text(
        '监控到这里的网络、代理或凭据失效',
        'The network, proxy or credential between the monitoring and here broke',
      ),
      signs:
        /error sending alert|unexpected status code \d|proxy|unauthorized|context deadline exceeded|no such host|网络|代理|凭据/i,
    },
  ],
  steps: [
    {
      text: text('看 Prometheus 和 Alertmanager 是否在运行', 'See whether Prometheus and Alertmanager run'),
      risk: 'safe',
      command: 'kubectl get pods -A -l app.kubernetes.io/part-of=kube-prometheus',
    },
    { text: text('看 Alertmanager 的发送错误', 'Read what Alertmanager says about sending'), risk: 'safe' },
    {
      text: text('恢复前请人工关注关键服务', 'Until it is back, watch the important services by hand'),
      risk: 'safe',
    },
  ],
};
