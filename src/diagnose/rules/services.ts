import { type Family, text } from './family.ts';

/** What users of a service notice. */
export const SERVICES: readonly Family[] = [
  {
    id: 'http_5xx',
    names:
      /5xx|http.{0,6}50[0-4]|error[\s_-]?(rate|ratio|budget)|(high|many|too).{0,12}errors?(rate)?$|serviceerrors|errorbudgetburn|(错误率|报错率|失败率|异常率)|(接口|服务|请求|网关).{0,8}(报错|异常|5xx|错误)|状态码 ?5/i,
    words:
      /5xx|http (status )?50[0-4]|internal server error|bad gateway|service unavailable|error rate|错误率|状态码 ?5\d\d/i,
    hint: text(
      '{service,host|某个服务}[（命名空间 {namespace}）]返回大量 5xx 错误',
      '{service,host|A service}[ in namespace {namespace}] answers many requests with errors (5xx)',
    ),
    summary: text(
      '{service,host|该服务}的错误率升高，用户请求正在失败。',
      'The error rate of {service,host|the service} is up: requests of users are failing.',
    ),
    causes: [
      {
        id: 'release',
        prior: 0.3,
        text: text('最近的发布或配置变更引入了错误', 'A recent release or change of configuration brought the errors'),
        signs: /deploy|release|rollout|version|canary|发布|上线|变更/i,
      },
      {
        id: 'dependency',
        prior: 0.3,
        text: text(
          '它依赖的下游（数据库、缓存、第三方接口）出错或超时',
          'Something it depends on (database, cache, other service) fails or times out',
        ),
        signs: /upstream|50[24]|database|redis|connection|timeout|bad gateway|下游|数据库|连接|超时/i,
      },
      {
        id: 'overload',
        prior: 0.25,
        text: text(
          '流量超过容量，线程、连接或内存耗尽',
          'There is more traffic than it can take: threads, connections or memory are exhausted',
        ),
        signs: /503|overload|traffic|queue full|pool|rate limit|流量|过载|打满/i,
      },
      {
        id: 'instances',
        prior: 0.2,
        text: text('部分实例不健康，仍在接收流量', 'Some instances are unhealthy and still get traffic'),
        signs: /unhealthy|no (healthy|live) upstream|endpoints?|not ready|不健康|实例/i,
      },
    ],
    steps: [
      {
        text: text('看错误集中在哪个接口、实例和版本', 'See which route, instance and version the errors come from'),
        risk: 'safe',
      },
      {
        text: text('看最近的错误日志', 'Read the latest errors it logged'),
        risk: 'safe',
        command: 'kubectl -n {namespace} logs deploy/{service} --since=15m --tail=200',
      },
      {
        text: text('看发布历史，必要时回滚', 'Look at the history of releases; roll back if it fits'),
        risk: 'careful',
        command: 'kubectl -n {namespace} rollout history deploy/{service}',
      },
    ],
  },
  {
    id: 'latency',
    names:
      /latenc|slow(probe|http|ping|response|request|quer|ness)?|response[\s_-]?time|\bp9[059]\b|(响应|接口|请求|查询|访问).{0,8}(慢|延迟|耗时|超时)|延迟(过高|升高|告警|高)|耗时(过长|过高)|慢查询|慢请求/i,
    words: /latency|9\dth percentile|response time|\bp9[59]\b|slow quer|响应时间|耗时|延迟(过高|升高)/i,
    hint: text(
      '{service,host,url|某个服务}[（命名空间 {namespace}）]响应变慢',
      '{service,host,url|A service}[ in namespace {namespace}] answers slowly',
    ),
    summary: text(
      '{service,host,url|该服务}的响应时间超过阈值。',
      'The response time of {service,host,url|the service} is above its threshold.',
    ),
    causes: [
      {
        id: 'dependency',
        prior: 0.35,
        text: text(
          '下游变慢：数据库慢查询、缓存失效或外部接口延迟',
          'Something behind it is slow: a query, a cold cache or an external interface',
        ),
        signs: /quer(y|ies)|database|mysql|postgres|redis|cache|upstream|慢查询|数据库|缓存|下游/i,
      },
      {
        id: 'saturation',
        prior: 0.3,
        text: text(
          'CPU、线程池或连接池饱和，请求在排队',
          'CPU, threads or connections are saturated and requests wait',
        ),
        signs: /cpu|thread|pool|queue|saturat|throttl|线程|连接池|排队/i,
      },
      {
        id: 'traffic',
        prior: 0.2,
        text: text('流量突增', 'Traffic rose suddenly'),
        signs: /traffic|qps|rps|spike|流量|突增|并发/i,
      },
      {
        id: 'release',
        prior: 0.15,
        text: text('新版本带来了更慢的代码路径', 'A new version brought a slower path'),
        signs: /deploy|release|version|发布|上线/i,
      },
    ],
    steps: [
      { text: text('看变慢是全部接口还是个别接口', 'See whether all routes are slow or only some'), risk: 'safe' },
      {
        text: text('看 CPU 与内存是否饱和', 'See whether CPU or memory is saturated'),
        risk: 'safe',
        command: 'kubectl -n {namespace} top pod',
      },
      { text: text('扩容或限流以保住核心请求', 'Add replicas, or shed load to keep what matters'), risk: 'careful' },
    ],
  },
  {
    id: 'target_down',
    names:
      /target.{0,10}(down|missing|disappear|scrape)|probe.{0,8}fail|endpoint.{0,8}down|(service|exporter|job|api|app|apiserver|kubeapi|kubeproxy|kubescheduler|kubecontrollermanager|site|website|url|port)[\s_-]?(is )?(down|absent|unreachable|missing)|(服务|进程|端口|接口|站点|网站|探测|拨测|采集).{0,8}(不可用|不可达|失败|挂了|停止|down|不存在|丢失|异常退出)|up *== *0/i,
    words:
      /targets? .{0,60}(is|are) down|probe failed|up == 0|failed to scrape|has disappeared|context deadline exceeded|探测失败|服务不可用/i,
    hint: text(
      '{service|某个服务}[ 的实例 {instance}]探测不到（目标下线）',
      '{service|A target}[ at {instance}] does not answer its checks (target down)',
    ),
    summary: text(
      '监控探测不到 {service|该目标}[（{instance}）]：可能已停止，也可能只是访问不到。',
      'Monitoring cannot reach {service|the target}[ ({instance})]: it may have stopped, or only be out of reach.',
    ),
    causes: [
      {
        id: 'process',
        prior: 0.4,
        text: text('进程停止或正在崩溃重启', 'The process stopped or keeps crashing'),
        signs: /connection refused|econnrefused|exited|crash|stopped|停止|退出|崩溃/i,
      },
      {
        id: 'network',
        prior: 0.25,
        text: text('网络、防火墙或安全组挡住了监控', 'The network, a firewall or a policy keeps monitoring out'),
        signs: /no route|timed? ?out|deadline exceeded|i\/o timeout|unreachable|网络|防火墙|超时/i,
      },
      {
        id: 'host',
        prior: 0.2,
        text: text('它所在的主机宕机', 'The host it runs on is down'),
        signs: /host|node|主机|节点/i,
      },
      {
        id: 'config',
        prior: 0.15,
        text: text(
          '端口、路径或证书变了，探测配置没有跟上',
          'Port, path or certificate changed and the check was not told',
        ),
        signs: /40[0134]|certificate|x509|tls|not found|证书|配置/i,
      },
    ],
    steps: [
      {
        text: text('从监控所在处直接访问它', 'Reach it from where the monitoring runs'),
        risk: 'safe',
        command: 'curl -sS -m 5 -o /dev/null -v {instance}',
      },
      {
        text: text('看它的进程或 Pod 是否在运行', 'See whether its process or pods run'),
        risk: 'safe',
        command: 'kubectl -n {namespace} get pods -o wide',
      },
      { text: text('确认停止原因后再重启', 'Restart it once it is clear why it stopped'), risk: 'careful' },
    ],
  },
  {
    id: 'certificate',
    names:
      /cert(ificate)?s?.{0,20}(expir|renew|invalid|soon|fail|error)|ssl.{0,20}expir|tls.{0,12}(expir|fail)|x509|证书/i,
    words: /certificate (has expired|will expire|expires|is about to)|x509|证书(即将|已)?(过期|到期)/i,
    hint: text(
      '{url,host,service|某个} 的证书即将过期或已经过期',
      'The certificate of {url,host,service|an address} expires soon or has expired',
    ),
    summary: text(
      '{url,host,service|该地址} 的 TLS 证书需要更新；过期后客户端会拒绝连接。',
      'The TLS certificate of {url,host,service|the address} must be renewed; clients refuse it once it has expired.',
    ),
    causes: [
      {
        id: 'renewal',
        prior: 0.45,
        text: text(
          '自动续期失败（cert-manager、ACME 验证、DNS 或权限）',
          'The automatic renewal fails (cert-manager, ACME challenge, DNS or rights)',
        ),
        signs: /cert-?manager|acme|letsencrypt|let's encrypt|renew|challenge|续期|自动/i,
      },
      {
        id: 'manual',
        prior: 0.35,
        text: text('证书由人工维护，没有人按时更换', 'It is kept by hand and nobody replaced it in time'),
        signs: /manual|wildcard|purchased|人工|手工|采购/i,
      },
      {
        id: 'not_loaded',
        prior: 0.2,
        text: text('新证书已签发，但服务没有重新加载', 'A new certificate exists but the server has not loaded it'),
        signs: /reload|restart|old certificate|重新加载|重启|旧证书/i,
      },
    ],
    steps: [
      {
        text: text('看对方实际给出的证书和有效期', 'See the certificate that is really served, and its dates'),
        risk: 'safe',
        command: 'openssl s_client -connect {hostport} -showcerts',
      },
      {
        text: text('看续期的状态', 'Look at the state of the renewal'),
        risk: 'safe',
        command: 'kubectl get certificate,certificaterequest,order,challenge -A',
      },
      { text: text('更换证书并让服务重新加载', 'Replace the certificate and let the server load it'), risk: 'careful' },
    ],
  },
];
