import { type Family, text } from './family.ts';

export const DNS: Family = {
  id: 'dns',
  depth: 3,
  names: /\bdns|core_?dns|nslookup|name ?resolution|域名解析|dns ?解析|解析失败|解析异常/i,
  words:
    /no such host|nxdomain|servfail|temporary failure in name resolution|dns (lookup|query|resolution)|域名解析失败/i,
  says: /no such host|nxdomain|servfail|failure in name resolution|name or service not known|getaddrinfo|eai_again|unknownhostexception|could not resolve host|server misbehaving|lookup .{1,120}: i\/o timeout|plugin\/errors: 2|host not found in upstream|the name (has no address|cannot be resolved)|no servers could be reached|域名解析(失败|不到|暂时失败|超时)|no resolver defined|could not be resolved \(|\benotfound\b|resolving timed out|dnsnameresolver|loop \(.{1,60}detected for zone|dns .{0,20}timed? ?out/i,
  suggests: /coredns|kube-dns|\bdns\b|域名/i,
  metrics: /coredns_|dns_lookup|DNS answers|DNS latency|域名解析|解析耗时|upstream resolvers|上游解析/i,
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
      signs:
        /coredns.{0,80}(crash|oom|panic|unhealthy|restart|evict|kill|back-off)|plugin\/loop|kube-dns.{0,40}(down|endpoints)|过载/i,
      rises: /DNS latency|域名解析耗时|Memory of the resolvers|解析服务的内存/i,
      changed: /coredns|kube-dns/i,
    },
    {
      id: 'upstream',
      prior: 0.3,
      text: text('上游 DNS 服务器不可达或返回错误', 'The upstream servers cannot be reached or answer with errors'),
      signs: /servfail|plugin\/forward|server misbehaving|read udp .{1,80}i\/o timeout|上游/i,
      rises: /healthcheck_failures|upstream resolvers|上游解析/i,
    },
    {
      id: 'record',
      prior: 0.2,
      text: text('记录被删改，或名字写错', 'A record was changed or removed, or the name is wrong'),
      signs:
        /nxdomain|no such host|name or service not known|enotfound|unknownhostexception|the name has no address|记录(被|不存在)|解析不到地址/i,
      changed: /\bdns\b|record|域名|解析/i,
    },
    {
      id: 'policy',
      prior: 0.15,
      text: text('网络策略或防火墙挡住了 53 端口', 'A network policy or firewall blocks port 53'),
      signs: /networkpolicy|egress|port 53|:53: (connect|operation)|网络策略|防火墙/i,
      changed: /network ?policy|egress|firewall|网络策略|防火墙/i,
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
};

export const NETWORK_ERRORS: Family = {
  id: 'network_errors',
  depth: 3,
  names:
    /network.{0,16}(err|drop|loss|saturat|down|flap|bond|throughput|receive|transmit|unreachable|unavailable)|packet.{0,6}(loss|drop)|conntrack|(interface|nic|link|bond).{0,8}(down|flap|error|degraded)|tcp.{0,12}(retrans|error|reset)|ping.{0,6}(loss|fail)|(网络|网卡|丢包|端口流量|带宽|专线|链路).{0,8}(错误|丢包|异常|中断|打满|率|抖动|过高|down)|丢包/i,
  words: /receive errors|transmit errors|packet loss|conntrack|retransmi|network is unreachable|丢包|网络(异常|中断)/i,
  says: /packet loss|nf_conntrack: .{0,30}table full|network is unreachable|link is down|lost carrier|receive errors|transmit errors|netdev watchdog|neighbou?r table overflow|bgp .{0,60}(down|idle)|丢包|网卡.{0,6}(异常|错误)|链路(中断|抖动)|专线.{0,6}(中断|抖动|异常)|definitely down for interface|tcp: out of memory|syn flooding|cannot assign requested address|bird is not ready|bgp not established|failed to program iptables|link flap|fragmentation needed|policy denied/i,
  suggests: /connection reset by peer|broken pipe|no route to host|retransmi|网络(异常|中断|抖动)/i,
  metrics:
    /node_network_|nf_conntrack|retranssegs|Receive errors|接收错误|Packets dropped|接收丢包|tracking table|连接跟踪表|sent again|重传|ifInErrors|listendrops|listenoverflows|bonding_active|carrier_changes|smokeping|hubble_drop|packet_?loss|icmp_duration|tcptimeouts/i,
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
      signs: /receive errors|transmit errors|\bcrc\b|flap|link is down|lost carrier|netdev watchdog|网卡|光模块|网线/i,
      rises: /_errs_total|Receive errors|接收错误/i,
    },
    {
      id: 'saturation',
      prior: 0.3,
      text: text('带宽或包量达到上限', 'Bandwidth or packet rate is at its limit'),
      signs: /saturat|bandwidth|throughput|ring buffer|带宽|打满/i,
      rises: /Bytes received|接收字节|_bytes_total|dropped|丢包/i,
    },
    {
      id: 'conntrack',
      prior: 0.2,
      text: text('连接跟踪表（conntrack）接近用满', 'The table of tracked connections (conntrack) is nearly full'),
      signs: /conntrack|连接跟踪/i,
      rises: /conntrack|tracking table|连接跟踪/i,
    },
    {
      id: 'path',
      prior: 0.2,
      text: text('中间链路、专线或云厂商网络异常', 'A link on the way, or the network of the provider, has trouble'),
      signs: /packet loss|retrans|\bbgp\b|leased line|专线|链路|运营商|丢包/i,
      rises: /retrans|sent again|重传/i,
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
};
