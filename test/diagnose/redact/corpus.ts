/** A line of a log with something in it that must not leave. */
export interface Planted {
  readonly line: string;
  /** What must not be in the redacted text; every one of them. */
  readonly hidden: readonly string[];
}

const LETTERS = 'aB3dE5fG7hJ9kL2mN4pQ6rS8tU1vW0xYz';
/** Nobody's value, made here so that no scanner of this repository takes it for somebody's. */
export const fake = (length: number, from = LETTERS): string =>
  from.repeat(Math.ceil(length / from.length)).slice(0, length);
const CAPITALS = 'Q7WE3RTY5UIOP2ASD';
const HEX = '4bf92f3577b34da6a3ce929d0e0e4736';
const WORD = ['hunter', '2-', 'Sommer', '!9'].join('');

export const AWS_ID = ['AK', 'IA', fake(16, CAPITALS)].join('');
export const JWT = ['ey', 'J', fake(24), '.ey', 'J', fake(60), '.', fake(43)].join('');
const GITHUB = ['gh', 'p_', fake(36)].join('');
const KEY_BODY = [fake(64), fake(64), fake(40)];
const keyOf = (kind: string, end = '\n'): string =>
  [`-----BEGIN ${kind}PRIVATE `, 'KEY-----', end, KEY_BODY.join(end), end, `-----END ${kind}PRIVATE `, 'KEY-----'].join(
    '',
  );
const basic = Buffer.from(`admin:${WORD}`).toString('base64');

const one = (line: string, ...hidden: readonly string[]): Planted => ({ line, hidden });

/** By the makers' own forms. */
const FORMS: readonly Planted[] = [
  AWS_ID,
  ['AS', 'IA', fake(16, CAPITALS)].join(''),
  ['LT', 'AI5t', fake(20)].join(''),
  ['AK', 'ID', fake(32)].join(''),
  ['AK', 'LT', fake(40)].join(''),
  GITHUB,
  ['github', '_pat_', fake(22), '_', fake(59)].join(''),
  ['gl', 'pat-', fake(20)].join(''),
  ['xo', 'xb-', '2384792384-', fake(24)].join(''),
  ['s', 'k-', fake(48)].join(''),
  ['s', 'k-proj-', fake(80)].join(''),
  ['ap', 'p-', fake(24)].join(''),
  ['data', 'set-', fake(24)].join(''),
  ['AI', 'za', fake(35)].join(''),
  ['ya', '29.', fake(60)].join(''),
  ['GOC', 'SPX-', fake(28)].join(''),
  ['npm', '_', fake(36)].join(''),
  ['hf', '_', fake(34)].join(''),
  ['glsa', '_', fake(32), '_', HEX.slice(0, 8)].join(''),
  ['hv', 's.', fake(90)].join(''),
  ['sk', '_live_', fake(24)].join(''),
  ['SG', '.', fake(22), '.', fake(43)].join(''),
  JWT,
  ['712345', '6789:AA', fake(33)].join(''),
  ['t', '-', HEX, HEX.slice(0, 8)].join(''),
].flatMap((value, index) => [
  one(
    index % 2 === 0
      ? `level=error msg="upstream refused ${value}" status=401`
      : `错误：上游拒绝了 ${value}，请检查配置`,
    value,
  ),
]);

/** By the names they are called. */
const NAMED: readonly Planted[] = [
  one(`password=${WORD}`, WORD),
  one(`db connect failed, Password: ${WORD}`, WORD),
  one(`{"user":"svc","password":"${WORD}","retries":3}`, WORD),
  one(String.raw`payload="{\"user\":\"svc\",\"passwd\":\"${WORD}\"}"`, WORD),
  one(String.raw`{"log":"{\\\"api_key\\\":\\\"${fake(20)}\\\"}"}`, fake(20)),
  one(`密码：${WORD}`, WORD),
  one(`数据库密码是${WORD}，请勿外传`, WORD),
  one(`管理员口令: ${WORD}。`, WORD),
  one(`用户 zhang 的密码为 ${WORD}`, WORD),
  one(`密钥＝${fake(32)}`, fake(32)),
  one(`ｐａｓｓｗｏｒｄ＝${WORD}`, WORD),
  one(`【支付】您的验证码为：482913，五分钟内有效`, '482913'),
  one(`login otp: 730184 sent`, '730184'),
  one(`aws_secret_access_key = ${fake(40)}`, fake(40)),
  one(`"SecretAccessKey": "${fake(40)}"`, fake(40)),
  one(`HUAWEICLOUD_SDK_AK=${fake(20, CAPITALS)}`, fake(20, CAPITALS)),
  one(`obs client ak=${fake(20, CAPITALS)} sk=${fake(40)}`, fake(20, CAPITALS), fake(40)),
  one(`SecretKey: ${fake(32)} region ap-guangzhou`, fake(32)),
  one(`token: ${fake(32)}`, fake(32)),
  one(`access_token="${fake(40)}" expires_in=7200`, fake(40)),
  one(`refresh-token => '${fake(40)}'`, fake(40)),
  one(`export DB_PASSWORD='${WORD} with spaces'`, WORD, 'with spaces'),
  one(`PGPASSWORD=${WORD} psql -h db`, WORD),
  one(`  - name: REDIS_PASSWORD\n    value: ${WORD}`, WORD),
  one(`{"name":"APP_SECRET","value":"${WORD}"}`, WORD),
  one(`<password>${WORD}</password>`, WORD),
  one(`GET /cb?client_secret=${fake(24)}&state=1 200`, fake(24)),
  one(`GET /cb?x=1&api_key%3D${fake(24)} 200`, fake(24)),
  one(String.raw`url=/cb?x=1\u0026access_token\u003d${fake(24)}`, fake(24)),
  one(`DefaultEndpointsProtocol=https;AccountKey=${fake(60)}==;EndpointSuffix=core.windows.net`, fake(60)),
  one(`Server=db;User Id=sa;Pwd=${WORD};Encrypt=true`, WORD),
  one(`sessionid=${fake(32)} user=7`, fake(32)),
  one(`appSecret=${HEX}`, HEX),
  one(`encrypt_key: ${fake(24)}`, fake(24)),
];

/** By where they travel. */
const CARRIED: readonly Planted[] = [
  one(`> Authorization: Bearer ${fake(40)}`, fake(40)),
  one(`"authorization":["Basic ${basic}"]`, basic),
  one(`curl -H 'Authorization: token ${fake(24)}' https://example.test`, fake(24)),
  one(`sent bearer ${fake(30)} to upstream`, fake(30)),
  one(`header basic ${basic} rejected`, basic),
  one(`Cookie: sid=${fake(24)}; theme=dark`, fake(24)),
  one(`Set-Cookie: session=${fake(24)}; Path=/; HttpOnly`, fake(24)),
  one(`postgres://app:${WORD}@10.0.0.5:5432/orders?sslmode=require`, WORD),
  one(`redis://:${WORD}@cache:6379/0 timed out`, WORD),
  one(`mongodb+srv://root:p@ss${fake(8)}@cluster0.mongodb.net`, fake(8)),
  one(`dsn="app:${WORD}@tcp(10.0.0.5:3306)/orders?parseTime=true"`, WORD),
  one(`jdbc:mysql://db:3306/o?user=app&password=${WORD}&useSSL=false`, WORD),
  one(`mysql -h db -uroot -p${WORD} -e 'select 1'`, WORD),
  one(`running: deploy --password ${WORD} --force`, WORD),
  one(`curl -u admin:${WORD} http://prometheus:9090`, WORD),
  one(`CREATE USER 'x'@'%' IDENTIFIED BY '${WORD}'`, WORD),
  one(
    `webhook https://open.feishu.cn/open-apis/bot/v2/hook/${HEX.slice(0, 8)}-aaaa-4bbb-8ccc-${HEX.slice(0, 12)}`,
    HEX.slice(0, 12),
  ),
  one(
    `机器人地址 https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=${HEX.slice(0, 8)}-1111-4222-8333-${HEX.slice(0, 12)}`,
    HEX.slice(0, 12),
  ),
  one(`https://oapi.dingtalk.com/robot/send?access_token=${HEX}${HEX}`, HEX),
  one(`https://api.telegram.org/bot${['712345', '6789:AA', fake(33)].join('')}/sendMessage`, fake(33)),
  one(
    `https://hooks.slack.com/${['services', 'T0' + fake(8, CAPITALS), 'B0' + fake(8, CAPITALS), fake(24)].join('/')}`,
    fake(24),
  ),
  one(String.raw`{"url":"https:\/\/open.larksuite.com\/open-apis\/bot\/v2\/hook\/${HEX}"}`, HEX),
  one(keyOf('RSA '), ...KEY_BODY),
  one(`{"private_key":"${keyOf('', String.raw`\n`)}"}`, ...KEY_BODY),
  one(keyOf('OPENSSH ').slice(0, 150), fake(64)),
];

/** Broken apart on purpose or by a terminal. */
const SPLIT: readonly Planted[] = [
  one(`pass\u200bword=${WORD}`, WORD),
  one(`key ${AWS_ID.slice(0, 8)}\u2060${AWS_ID.slice(8)}`, AWS_ID, AWS_ID.slice(8)),
  one(`\u001b[31mtoken\u001b[0m: \u001b[1m${fake(32)}\u001b[0m`, fake(32)),
  one(
    `the key that was used by the backup job is this one: ${AWS_ID.slice(0, 9)}\n${AWS_ID.slice(9)} and it failed`,
    AWS_ID.slice(9),
  ),
  one(
    `upstream answered 401 for the following token which is ${JWT.slice(0, 70)}\n${JWT.slice(70)}`,
    JWT.slice(0, 60),
    JWT.slice(80),
  ),
  one(
    `push to origin failed with the token of the bot: ${GITHUB.slice(0, 30)}\\\n  ${GITHUB.slice(30)}`,
    GITHUB.slice(0, 30),
  ),
  one(`password:\n  ${WORD}`, WORD),
];

const PERSONAL: readonly Planted[] = [
  one('user zhang.san@example.com cannot log in', 'zhang.san@example.com'),
  one('通知 li_si+oncall@mail.example.cn 失败', 'li_si+oncall@mail.example.cn'),
  one('手机号13812345678下单失败', '13812345678'),
  one('phone=138-1234-5678 sms rejected', '138-1234-5678'),
  one('短信发送失败 +86 138 1234 5678', '138 1234 5678'),
  one('call +1 415-555-2671 failed', '415-555-2671'),
  one('座机：010-62345678 无人接听', '010-62345678'),
  one('身份证 11010519491231002X 校验失败', '11010519491231002X'),
  one('card 4111 1111 1111 1111 declined', '4111 1111 1111 1111'),
  one('银行卡号：6222021234567890128 扣款失败', '6222021234567890128'),
];

export const PLANTED: readonly Planted[] = [...FORMS, ...NAMED, ...CARRIED, ...SPLIT];
export const PLANTED_PERSONAL = PERSONAL;

/** Lines like those above with nothing in them to hide. */
export const HARMLESS: readonly string[] = [
  'trace_id=4bf92f3577b34da6a3ce929d0e0e4736 span_id=00f067aa0ba902b7',
  'pod checkout-7d9f8b6c5d-x2x4k restarted 7 times in 10m',
  'image nginx@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 pulled',
  'container_memory_working_set_bytes 17179869184',
  'node_memory_MemAvailable_bytes{instance="db-1"} 15032385536',
  'order 202611220000123456 created, amount 1999.00',
  '订单号：202611220000123456 已创建',
  'request_id=13812345678 done',
  'timestamp 1763798400000 lag 1763798400123',
  'token_count=4096 max_tokens: 8192',
  'prompt tokens=1200, completion tokens=300',
  'password authentication failed for user "app"',
  'FATAL: password authentication failed (using password: YES)',
  'password: authentication failed for user app',
  'error: token expired at 2026-11-22T08:00:00Z',
  'token: invalid',
  'secret "db-credentials" not found',
  "couldn't find key username in Secret default/db-credentials",
  'secretName: tls-checkout-prod',
  'password_file=/run/secrets/db',
  'PASSWORD=${DB_PASSWORD}',
  'password: "***"',
  'api_key=[REDACTED]',
  'password: null, retries: 3',
  '密码错误，请重试',
  '用户密码：错误次数过多',
  '密码为空',
  '令牌已过期，请重新登录',
  'authorization failed: permission denied',
  'Authorization: denied for user',
  'basic authentication required',
  'bearer token missing in request',
  'deployment "task-force-management-service" exceeded its progress deadline',
  'GET http://10.0.3.17:8080/api/v1/pay?orderId=20261122000123 504',
  'connection to amqp://rabbitmq:5672 refused',
  'git clone git@github.com:acme/checkout.git failed',
  'systemd: getty@tty1.service entered failed state',
  'express@5.3.0 deprecated req.host',
  'commit 3f2a9c1d4e5b6a7f8091a2b3c4d5e6f708192a3b by ci',
  'session opened for user root by (uid=0)',
  'uuid 9b2d8f3e-1c4a-4f6b-8d7e-5a3c2b1f0e9d',
  '2026-11-22 16:00:00 +0800 ERROR timeout after 3000ms',
  'design=12ab34cd56 assigned: node-12ab34cd',
  'author: john123456',
  'rate(http_requests_total{code=~"5.."}[5m]) > 0.05',
  'build 4111111111111112 finished',
  'sequence 110105194912310021 is not a number of ours',
  'cookie: missing',
];
