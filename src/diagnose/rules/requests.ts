import { type Family, REQUESTS, text } from './family.ts';

export const HTTP_5XX: Family = {
  id: 'http_5xx',
  depth: 0,
  names:
    /5xx|http.{0,6}50[0-4]|error[\s_-]?(rate|ratio|budget)|(high|many|too).{0,12}errors?(rate)?$|serviceerrors|errorbudgetburn|(错误率|报错率|失败率|异常率)|(接口|服务|请求|网关).{0,8}(报错|异常|5xx|错误)|状态码 ?5|request ?errors/i,
  words:
    /5xx|http (status )?50[0-4]|internal server error|bad gateway|service unavailable|error rate|错误率|状态码 ?5\d\d/i,
  says: /\b5xx\b|http (status )?50[0-4]\b|" 50[0-4] \d|upstream prematurely closed|no live upstreams|502 bad gateway|503 service (temporarily )?unavailable|504 gateway time-?out|internal server error|upstream connect error|错误率(升高|过高)|接口(报错|异常)|status[=:] ?5\d\d\b|"status": ?5\d\d\b|response_code=5\d\d|(returns?|returned|返回) ?5\d\d\b|httpservererrorexception|feignexception\$(internal|service|bad)|(服务|系统)内部错误|成功率.{0,12}(跌|低于|降)|失败率.{0,6}升|失败数.{0,6}增|(requests|calls|orders|payments|logins) .{0,30}fail/i,
  suggests:
    /bad gateway|service unavailable|error rate|状态码 ?5\d\d|unhandled exception|nullpointerexception|typeerror: |attributeerror: |unknown column|column "[^"]{1,60}" does not exist|servlet\.service\(\)|code = (unavailable|internal)\b|circuit .{0,40}(open|short)|熔断/i,
  metrics:
    /(status|code|response_code|status_code)(=~?)"5|5xx|error_rate|errors?_total|requests_failed|probe_http_status_code|grpc_code="(unavailable|internal|unknown)/i,
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
      signs:
        /panic: |nullpointerexception|typeerror: |attributeerror|keyerror|indexerror|nosuchmethoderror|classcastexception|undefined method|cannot read propert|unknown column|no such column|relation "[^"]{1,60}" does not exist|canary|刚发布|新版本|发布后|上线后/i,
      changed: /./,
    },
    {
      id: 'dependency',
      prior: 0.3,
      text: text('它依赖的下游出错或超时', 'Something it depends on fails or times out'),
      signs:
        /upstream (timed out|prematurely|connect error|request timeout)|connect\(\) failed|connection (refused|reset)|econnrefused|econnreset|etimedout|sockettimeoutexception|read timed out|connect timed out|i\/o timeout|deadline exceeded|redisconnectionexception|jedisconnectionexception|too many (clients|connections)|bad gateway|gateway time-?out|下游|数据库(连接)?超时|缓存失败|接口不可用|连接(超时|被拒绝|失败)/i,
    },
    {
      id: 'overload',
      prior: 0.25,
      text: text(
        '流量超过容量，线程、连接或内存耗尽',
        'There is more traffic than it can take: threads, connections or memory are exhausted',
      ),
      signs:
        /\b503\b|overload|queue (is )?full|rejectedexecution|pool .{0,20}exhausted|reached .{0,20}max_children|worker_connections are not enough|rate limit|too many requests|too many open files|circuit ?breaker|线程池(已满|耗尽|拒绝)|流量|过载|打满/i,
      rises: REQUESTS,
    },
    {
      id: 'instances',
      prior: 0.2,
      text: text('部分实例不健康，仍在接收流量', 'Some instances are unhealthy and still get traffic'),
      signs:
        /unhealthy|no (healthy|live) upstream|no endpoints available|no ready endpoints|readiness probe failed|not ready|没有可用端点|实例(不健康|异常)/i,
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
};

export const LATENCY: Family = {
  id: 'latency',
  depth: 0,
  names:
    /latenc|slow(probe|http|ping|response|request|quer|ness)?|response[\s_-]?time|\bp9[059]\b|(响应|接口|请求|查询|访问).{0,8}(慢|延迟|耗时|超时)|延迟(过高|升高|告警|高)|耗时(过长|过高)|慢查询|慢请求|fsync|commit ?duration|(?<![a-z])rt.{0,4}(高|升|超|长)|慢 ?sql/i,
  words: /latency|9\dth percentile|response time|\bp9[59]\b|slow quer|响应时间|耗时|延迟(过高|升高)/i,
  says: /slow request|request took \d|took too long|响应(时间)?(过慢|变慢|过长)|慢请求|query_time: \d|duration: \d{4,9}\.\d{1,3} ms|\bslow ?log\b|took_millis|is taking too long|slow fdatasync|still waiting for \w{1,20}lock|collscan|command timed out|慢 ?sql|耗时 ?\d{4,6} ?ms|\btakes? (\w+ ){0,3}(seconds|minutes)\b|卡顿|(变|很|太)慢/i,
  suggests:
    /timed? ?out|slow quer|deadline exceeded|lock wait|deadlock|耗时|超时|慢查询|锁等待|pause full|\[gc\]\[old\]/i,
  metrics:
    /_duration_seconds|latency|response_time|request_time|请求耗时|http_server_requests_seconds_(bucket|sum)|_duration_milliseconds|slow_queries|slowlog|pg_locks|row_lock|handling_seconds|commands_duration/i,
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
      id: 'slow_query',
      prior: 0.3,
      text: text('数据库里有慢查询或锁等待', 'Queries are slow or wait for locks in the database'),
      signs:
        /slow quer|query_time: \d|duration: \d{4,}|lock wait|waiting for .{0,20}lock|deadlock|collscan|full table scan|mysql.{0,20}slow|慢查询|慢 ?sql|全表扫描|锁等待/i,
      rises: /slow_queries|row_lock|pg_locks/i,
    },
    {
      id: 'cache',
      prior: 0.2,
      text: text(
        '缓存变慢或不起作用：大 key、失效、未命中',
        'The cache is slow or of no use: large keys, evictions, misses',
      ),
      signs:
        /cache miss|redis.{0,20}(?:timeout|latency|timed out)|command timed out|slow ?log\b|big ?key|hgetall|缓存(失效|击穿|雪崩|未命中)|大 ?key/i,
      rises: /slowlog|redis_commands_duration|evicted_keys|keyspace_misses/i,
    },
    {
      id: 'dependency',
      prior: 0.3,
      text: text('它调用的下游服务或外部接口变慢', 'A service behind it or an external interface is slow'),
      signs:
        /postgres.{0,40}timed out|mongo.{0,20}timed out|i\/o timeout|read timed out|upstream (timed out|response)|deadline exceeded|下游.{0,10}(慢|超时|延迟)|第三方.{0,10}(慢|超时)/i,
    },
    {
      id: 'saturation',
      prior: 0.3,
      text: text('CPU、线程池或连接池饱和，请求在排队', 'CPU, threads or connections are saturated and requests wait'),
      signs:
        /cpu .{0,20}(saturat|throttl|usage)|thread pool|pool .{0,20}(exhausted|full|timeout)|connection is not available|queue (is )?full|full gc|gc (pause|overhead)|event loop (blocked|delay|lag)|线程池|连接池|排队/i,
      rises:
        /throttled|被限流|connections_pending|Threads that wait|等待数据库连接|CPU of the|CPU 用量|garbage collection|垃圾回收/i,
    },
    {
      id: 'traffic',
      prior: 0.2,
      text: text('流量突增', 'Traffic rose suddenly'),
      signs: /traffic|\bqps\b|\brps\b|流量|突增|并发/i,
      rises: REQUESTS,
    },
    {
      id: 'release',
      prior: 0.15,
      text: text('新版本带来了更慢的代码路径', 'A new version brought a slower path'),
      signs: /new (version|release)|since the (deploy|release)|发布后|上线后|新版本/i,
      changed: /./,
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
};
