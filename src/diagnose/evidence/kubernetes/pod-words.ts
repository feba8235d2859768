import type { Locale } from '../../../types.ts';

/** How states of pods are put into words. */
export interface PodWords {
  readonly healthy: string;
  readonly node: string;
  readonly noNode: string;
  readonly created: string;
  readonly terminating: string;
  readonly since: string;
  readonly container: string;
  readonly ready: string;
  readonly unready: string;
  readonly restarts: (count: number) => string;
  readonly ended: string;
  readonly lastEnd: string;
  readonly lived: string;
  readonly noRequests: string;
  readonly noLimits: string;
  readonly joint: string;
}

export const POD_WORDS: Readonly<Record<Locale, PodWords>> = {
  'zh-CN': {
    healthy: '正常',
    node: '节点',
    noNode: '还没有分配节点',
    created: '创建于',
    terminating: '正在删除',
    since: '自',
    container: '容器',
    ready: '就绪',
    unready: '未就绪',
    restarts: (count) => `重启 ${count} 次`,
    ended: '已退出',
    lastEnd: '上次退出',
    lived: '存活',
    noRequests: '没有 requests',
    noLimits: '没有 limits',
    joint: '；',
  },
  'en-US': {
    healthy: 'healthy',
    node: 'node',
    noNode: 'no node yet',
    created: 'created',
    terminating: 'is being deleted',
    since: 'since',
    container: 'container',
    ready: 'ready',
    unready: 'not ready',
    restarts: (count) => `${count} restart${count === 1 ? '' : 's'}`,
    ended: 'ended',
    lastEnd: 'last end',
    lived: 'lived',
    noRequests: 'no requests',
    noLimits: 'no limits',
    joint: '; ',
  },
};
