import { type Family, text } from './family.ts';

/** What goes wrong between machines, and with the watching itself. */
export const NETWORK: readonly Family[] = [
  {
    id: 'dns',
    names: /\bdns|core_?dns|nslookup|name ?resolution|域名解析|dns ?解析|解析失败|解析异常/i,
    words:
      /no such host|nxdomain|servfail|temporary failure in name resolution|dns (lookup|query|resolution)|域名解析失败/i,
    hint: text(
      '域名解析异常[（{service}）]：依赖名字访问的服务会失败',
      'Name resolution fails[ ({service})]: whatever is reached by name is affected',
    ),
    summary: text(
      'DNS[（{service}）]查询失败或变慢，影响所有按名字访问的调用。',
      'DNS queries[ ({service})] fail or are slow, which affects every call made by name.',
    ),
    causes: [
      {
        id: 'server',
        prior: 0.35,
        text: text('集群 DNS（CoreDNS）实例不健康或过载', 'The cluster DNS (CoreDNS) is unhealthy or overloaded'),
        signs: /coredns|kube-dns|panic|forward.{0,20}(fail|health)|latency|过载/i,
      },
      {
        id: 'upstream',
        prior: 0.3,
        text: text('上游 DNS 服务器不可达或返回错误', 'The upstream servers cannot be reached or answer with errors'),
        signs: /servfail|upstream|forward|i\/o timeout|上游/i,
      },
      {
        id: 'record',
        prior: 0.2,
        text: text('记录被删改，或名字写错', 'A record was changed or removed, or the name is wrong'),
        signs: /nxdomain|no such host|record|记录|不存在/i,
      },
      {
        id: 'policy',
        prior: 0.15,
        text: text('网络策略或防火墙挡住了 53 端口', 'A network policy or firewall blocks port 53'),
        signs: /networkpolicy|egress|denied|port 53|:53|策略|防火墙/i,
      },
    ],
    steps: [
      {
        text: text('看 CoreDNS 的状态和日志', 'Look at CoreDNS and its log'),
        risk: 'safe',
        command: 'kubectl -n kube-system logs -l k8s-app=kube-dns --tail=100',
      },
      {
        text: text('在出问题的地方直接查询', 'Ask for the name from where it fails'),
        risk: 'safe',
        command: 'nslookup {hostname}',
      },
      { text: text('增加 DNS 副本或启用节点缓存', 'Add DNS replicas or a cache on each node'), risk: 'careful' },
    ],
  },
  {
    id: 'clock_skew',
    names: /clock|ntp|chrony|time ?(skew|drift|sync)|时钟|时间(不同步|偏差|漂移|同步)|对时/i,
    words: /clock (skew|drift|is out of sync|not synchroni)|ntp|时钟(偏差|偏移|不同步)/i,
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
        signs: /not ?synchroni|stopped|inactive|chronyd|ntpd|未同步|停止/i,
      },
      {
        id: 'source',
        prior: 0.35,
        text: text('时间服务器不可达，或 UDP 123 被挡', 'Its time servers cannot be reached, or UDP 123 is blocked'),
        signs: /unreachable|server|123|firewall|不可达|防火墙/i,
      },
      {
        id: 'virtual',
        prior: 0.2,
        text: text('虚拟机暂停、迁移后时间跳变', 'The virtual machine was paused or moved and its time jumped'),
        signs: /vm|virtual|migrat|suspend|虚拟机|迁移/i,
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
  },
  {
    id: 'network_errors',
    names:
      /network.{0,16}(err|drop|loss|saturat|down|flap|bond|throughput|receive|transmit|unreachable|unavailable)|packet.{0,6}(loss|drop)|conntrack|(interface|nic|link|bond).{0,8}(down|flap|error|degraded)|tcp.{0,12}(retrans|error|reset)|ping.{0,6}(loss|fail)|(网络|网卡|丢包|端口流量|带宽|专线|链路).{0,8}(错误|丢包|异常|中断|打满|率|抖动|过高|down)|丢包/i,
    words:
      /receive errors|transmit errors|packet loss|conntrack|retransmi|network is unreachable|丢包|网络(异常|中断)/i,
    hint: text(
      '{host|某台主机}[ 的网卡 {device}]有网络错误或丢包',
      'The network[ interface {device}] of {host|a host} has errors or loses packets',
    ),
    summary: text(
      '{host|该主机}[ 的 {device}]收发包出错，连接会变慢或中断。',
      'Packets sent or received by {host|the host}[ on {device}] fail; connections slow down or break.',
    ),
    causes: [
      {
        id: 'hardware',
        prior: 0.3,
        text: text('网卡、网线、光模块或交换机端口有故障', 'The card, cable, module or switch port is faulty'),
        signs: /receive errors|transmit errors|crc|flap|link down|网卡|光模块|网线/i,
      },
      {
        id: 'saturation',
        prior: 0.3,
        text: text('带宽或包量达到上限', 'Bandwidth or packet rate is at its limit'),
        signs: /saturat|bandwidth|throughput|drop|带宽|打满/i,
      },
      {
        id: 'conntrack',
        prior: 0.2,
        text: text('连接跟踪表（conntrack）接近用满', 'The table of tracked connections (conntrack) is nearly full'),
        signs: /conntrack|连接跟踪/i,
      },
      {
        id: 'path',
        prior: 0.2,
        text: text('中间链路、专线或云厂商网络异常', 'A link on the way, or the network of the provider, has trouble'),
        signs: /packet loss|ping|retrans|isp|line|专线|链路|运营商|丢包/i,
      },
    ],
    steps: [
      {
        text: text('在该主机上看网卡计数', 'On that host, read the counters of the interface'),
        risk: 'safe',
        command: 'ip -s link show {device}',
      },
      {
        text: text('看到对端的丢包位置', 'See where packets are lost on the way'),
        risk: 'safe',
        command: 'mtr -r -c 20 {host}',
      },
      { text: text('切换到备用链路或网卡', 'Switch to the spare link or card'), risk: 'careful' },
    ],
  },
  {
    id: 'dead_mans_switch',
    names:
      /watchdog|dead_?\s?man|heart_?\s?beat|monitoring ?(is )?silent|alertmanager.{0,24}(down|fail|missing)|prometheus.{0,10}(down|not ?connected)|心跳|监控(失联|沉默|静默|中断)/i,
    words:
      /this is an alert meant to ensure that the entire alerting pipeline is functional|dead man|monitoring is silent|心跳(丢失|中断)/i,
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
        signs: /prometheus|tsdb|disk/i,
      },
      {
        id: 'alertmanager',
        prior: 0.3,
        text: text(
          'Alertmanager 停止，或其配置、路由、静默改动后不再发送',
          'Alertmanager stopped, or a change of its routes or silences keeps it from sending',
        ),
        signs: /alertmanager|route|silence|路由|静默/i,
      },
      {
        id: 'network',
        prior: 0.25,
        text: text(
          '监控到这里的网络、代理或凭据失效',
          'The network, proxy or credential between the monitoring and here broke',
        ),
        signs: /network|proxy|40[13]|timeout|网络|代理|凭据/i,
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
  },
];
