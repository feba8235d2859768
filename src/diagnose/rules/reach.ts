import { type Family, text } from './family.ts';

export const TARGET_DOWN: Family = {
  id: 'target_down',
  depth: 1,
  names:
    /target.{0,10}(down|missing|disappear|scrape)|probe.{0,8}fail|endpoint.{0,8}down|(?<![a-z])(service|exporter|job|api|app|apiserver|kubeapi|kubeproxy|kubescheduler|kubecontrollermanager|site|website|url|port)[\s_-]?(is )?(down|absent|unreachable)|(?<![a-z])(exporter|service|job)[\s_-]?(is )?missing|(?<![a-z])(mysql|postgres(ql)?|pg|redis|mongo(db)?|kafka|rabbitmq|elasticsearch|nginx|etcd|consul|broker)[\s_-]?(is )?(down|unreachable)|(服务|进程|端口|接口|站点|网站|探测|拨测|采集).{0,8}(不可用|不可达|失败|挂了|停止|down|不存在|丢失|异常退出)|up *== *0|systemd ?(service|unit).{0,10}(fail|crash|inactive)|members? ?down|cluster ?(is ?)?(red|unhealthy)|端口.{0,6}(异常|不通)/i,
  words:
    /targets? .{0,60}(is|are) down|probe failed|up == 0|failed to scrape|has disappeared|context deadline exceeded|探测失败|服务不可用/i,
  says: /targets? .{0,60}(is|are) down|(?<!(?:liveness|readiness|startup) )probe failed|up == 0|failed to scrape|no ready endpoints|没有可用端点|nothing listens there|端口上没有服务|探测失败|服务不可用|server returned http status 40[134]|expected a valid start token|no endpoints available for service|端口 ?\d{1,5} ?(无法连接|不通|没有监听)/i,
  suggests:
    /connection refused|econnrefused|no route to host|context deadline exceeded|连接被拒绝|连接失败|address already in use/i,
  metrics:
    /(^|[^\w])up( ?==|\{|$)|probe_success|Whether the target can be|采集目标是否可达|Whether the probe succeeds|探测是否成功|absent\(|(mysql|pg|redis|rabbitmq|mongodb|elasticsearch)_up\b|Targets of the same job|同一任务中可达|endpoint_address_available|backend_active_servers|(server|backend)_up\b|healthy_host/i,
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
      signs:
        /connection refused|econnrefused|main process exited|exited with|exit code [1-9]|crash|failed to start|address already in use|shutting down|nothing listens there|端口上没有服务|进程(停止|退出|崩溃|不存在)|连接被拒绝/i,
    },
    {
      id: 'network',
      prior: 0.25,
      text: text('网络、防火墙或安全组挡住了监控', 'The network, a firewall or a policy keeps monitoring out'),
      signs:
        /no route to host|network is unreachable|timed? ?out|deadline exceeded|i\/o timeout|ehostunreach|no answer in time|networkpolicy|超时没有回答|网络(不通|中断|策略)|防火墙|安全组|主机不可达/i,
    },
    {
      id: 'host',
      prior: 0.2,
      text: text('它所在的主机宕机', 'The host it runs on is down'),
      signs:
        /host is (down|unreachable)|node .{0,60}not ?ready|nodenotready|kubelet stopped posting|主机(宕机|不可达)|节点(失联|未就绪)|机器离线/i,
    },
    {
      id: 'config',
      prior: 0.15,
      text: text(
        '端口、路径或证书变了，探测配置没有跟上',
        'Port, path or certificate changed and the check was not told',
      ),
      signs:
        /\b40[0134] |certificate|x509|tls handshake|unauthorized|forbidden|matches 0 pods|匹配 0 个|证书|配置(错误|变更)/i,
      changed: /./,
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
};

export const CERTIFICATE: Family = {
  id: 'certificate',
  depth: 3,
  names:
    /cert(ificate)?s?.{0,20}(expir|renew|invalid|soon|fail|error)|ssl.{0,20}expir|tls.{0,12}(expir|fail)|x509|证书/i,
  words: /certificate (has expired|will expire|expires|is about to)|x509|证书(即将|已)?(过期|到期)/i,
  says: /certificate (has expired|will expire|is about to expire|expired \d|verify failed)|certificate expires in (?:\d|1[0-3]) (?:d|h|min)|x509: certificate|cert_has_expired|certificate_expired|sslhandshakeexception|certificate is not trusted|tls: (bad|expired|failed to verify) certificate|unable to get local issuer|certificate_verify_failed|unknown[ _]ca\b|certificate signed by unknown authority|tls: unknown certificate|acme: .{0,80}error|证书(已过期|即将过期|不受信任)|证书还有 (?:\d|1[0-3]) (?:天|小时|分)|unable to verify the first certificate|self[- ]signed certificate|certificateexpiredexception|acme:error|certificate .{0,80}is expired|pkix path|sslv3 alert certificate|证书.{0,12}到期|certificate is valid for /i,
  suggests: /tls handshake|ssl (error|routines)|handshake failure|issuing certificate|证书/i,
  metrics:
    /cert_expiry|certmanager_|x509_cert|ssl_certificate|certificate_expir|Time until the certificate|距证书到期|Certificates that are not ready|没有就绪的证书|certificate_manager\w{0,20}expir|client_certificate_expiration/i,
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
      signs: /cert-?manager|acme|let's ?encrypt|renew|http-01|dns-01|challenge|续期|签发失败|自动/i,
    },
    {
      id: 'manual',
      prior: 0.35,
      text: text('证书由人工维护，没有人按时更换', 'It is kept by hand and nobody replaced it in time'),
      signs: /manual|wildcard|self.signed|人工|手工|采购/i,
    },
    {
      id: 'not_loaded',
      prior: 0.2,
      text: text('新证书已签发，但服务没有重新加载', 'A new certificate exists but the server has not loaded it'),
      signs: /reload|old certificate|重新加载|旧证书/i,
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
};
