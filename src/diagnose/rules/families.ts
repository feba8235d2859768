import { DATA } from './data.ts';
import type { Family } from './family.ts';
import { HOSTS } from './hosts.ts';
import { NETWORK } from './network.ts';
import { PODS } from './pods.ts';
import { SERVICES } from './services.ts';

/**
 * Every family, the more particular before the more general: of two that fit an alert equally well the first wins
 * (a kill for want of memory is also a crash, a failing name also a slow answer).
 */
export const FAMILIES: readonly Family[] = [...DATA, ...NETWORK, ...PODS, ...HOSTS, ...SERVICES];
