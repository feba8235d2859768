import { describe, expect, it } from 'vitest';
import { bareCause, createToldCauses, sameCause, saidKey } from '../../../src/diagnose/memory/same-cause.ts';
import { tokensIn } from '../../../src/diagnose/tokens.ts';

/** Two statements about one thing, told by different people or models. */
const SAME = [
  ['The connection pool of orders is exhausted', 'Exhausted connection pool in orders'],
  ['orders leaks database connections', 'Database connections are leaked by orders since it started'],
  [
    'Redis password was rotated but the Secret was not updated',
    'The Secret still holds the old Redis password after it was rotated',
  ],
  ['The certificate of mail-relay has expired', 'mail-relay presents an expired certificate'],
  ['Kafka broker 磁盘 IO 过高', 'Kafka broker 的磁盘 IO 太高了'],
  ['会话 Redis 内存写满', 'Redis 内存被会话写满'],
  ['汇率表没有更新', '汇率表昨晚没有更新'],
] as const;

const DIFFERENT = [
  ['The pods of orders are OOMKilled', 'The pods of orders are evicted'],
  ['The connection pool of orders is exhausted', 'The ledger database is overloaded'],
  ['orders leaks database connections', 'The database of orders fails over'],
  ['Redis ran out of memory', 'Redis password was rotated'],
  ['The certificate of orders has expired', 'The DNS name of orders does not resolve'],
  ['Release 1.9 of orders is slower', 'A noisy neighbour takes the CPU from orders'],
  ['会话 Redis 内存写满', '会话 Redis 主从切换'],
  ['报表 SQL 缺少索引', '备份任务与报表同时在从库运行'],
  ['数据库连接池耗尽', '数据库主从延迟'],
  ['orders 服务容器内存不足', 'orders 服务容器镜像拉取失败'],
] as const;

const { told } = createToldCauses(new Set(tokensIn('orders mail-relay', 10)));
const toldAs = (statement: string) => told(saidKey(statement), statement);

describe('a cause', () => {
  it.each(SAME)('"%s" is "%s"', (a, b) => expect(sameCause(toldAs(a), toldAs(b))).toBe(true));

  it.each(DIFFERENT)('"%s" is not "%s"', (a, b) => expect(sameCause(toldAs(a), toldAs(b))).toBe(false));

  it('of the rules is another one whatever its words, when its key is', () => {
    const words = 'The pods do not start because of a wrong configuration';
    expect(sameCause(told('crash_loop/config', words), told('crash_loop/probe', words))).toBe(false);
    expect(sameCause(told('crash_loop/config', words), told('crash_loop/config', 'Konfiguration'))).toBe(true);
    expect(sameCause(told('crash_loop/config', words), toldAs(words))).toBe(true);
  });

  it('is recognised without the words that tell when it was', () => {
    expect(bareCause('上次（INC-20261122-001）是：汇率表没有更新')).toBe('汇率表没有更新');
    expect(bareCause('Last time (INC-20261122-001) it was: Cosmic rays')).toBe('Cosmic rays');
    expect(bareCause('Last time it was: Cosmic rays')).toBe('Last time it was: Cosmic rays');
    expect(saidKey('Last time (INC-1) it was: Cosmic rays.')).toBe(saidKey('cosmic RAYS'));
  });

  it('with no words of its own is only like itself', () => {
    expect(sameCause(toldAs('orders'), toldAs('the service'))).toBe(false);
    expect(sameCause(toldAs('?!'), toldAs('?!'))).toBe(true);
  });
});
