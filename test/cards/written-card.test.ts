import { expect, it } from 'vitest';
import { plainText } from '../../src/cards/plain-text.ts';
import { writtenCard } from '../../src/cards/written-card.ts';

const cited = (id: string, source: string, title: string) => ({ id, source, title });

it('names the source of what was cited, unless its title says what it is', () => {
  const card = writtenCard({
    question: '为什么慢？',
    locale: 'zh-CN',
    text: '连接池满了 [E1] [E2]',
    state: {
      kind: 'complete',
      provider: 'openai',
      cited: [cited('E1', 'alert', '告警 · 下单变慢'), cited('E2', 'prometheus', 'pool_in_use')],
    },
  });
  const text = plainText(card);
  expect(text).toContain('E1 · 告警 · 下单变慢');
  expect(text).toContain('E2 · prometheus · pool_in_use');
});
