import type { DeliveryStore } from '../../delivery/ports.ts';
import type { Database, Handle } from '../database.ts';
import { lockAppBuckets, pauseApp, saveAppBuckets } from './app-buckets.ts';
import { addAttempts } from './attempts.ts';
import { killTarget, pauseTarget, targetWorks } from './deaths.ts';
import { admit, firstCards, fold, waitingFirstCards } from './first-cards.ts';
import { pageWanted } from '../paging.ts';
import { loadIncidentViews } from './incident-view.ts';
import { leaseTargets, releaseTargets, waitingWork } from './lanes.ts';
import { backlog, look } from './look.ts';
import { whoToMention } from './mentions.ts';
import { changeMessage, claimMessages, dropAttention, enqueueMessage } from './outbox.ts';
import { peopleOn } from './people.ts';
import { adoptPlacement, changePlacement, claimPlacements, reissuePlacement } from './placements.ts';
import { dueProbes, probeTarget } from './probes.ts';
import { rescue, rescueOne } from './rescue.ts';
import { absorbChanges } from './storm-members.ts';
import { criticalsLastMinute, releasedLastMinute, stormRate } from './storm-rates.ts';
import { releaseMembers, settleStorm } from './storm-release.ts';
import { loadStormViews } from './storm-view.ts';
import { changeStorm, dueStorms } from './storms.ts';

/** The database as delivery sees it. */
export function createDeliveryStore({ reader, engine }: Pick<Database, 'reader' | 'engine'>): DeliveryStore {
  const reading: Handle = { db: reader, engine };
  return {
    look: (channels, holder, now, cutoffs) => look(reading, channels, holder, now, cutoffs),
    backlog: () => backlog(reading),
    leaseTargets,
    releaseTargets,
    waiting: waitingWork,
    claimPlacements,
    claimMessages,
    changePlacement,
    adoptPlacement,
    changeMessage,
    reissue: reissuePlacement,
    enqueue: enqueueMessage,
    dropAttention,
    addAttempts,
    incidentViews: loadIncidentViews,
    peopleOn,
    stormViews: loadStormViews,
    whoToMention,
    pageWanted,
    firstCards,
    waitingFirstCards,
    admit,
    fold,
    dueStorms,
    absorbChanges,
    stormRate,
    changeStorm,
    criticalsLastMinute,
    releasedLastMinute,
    releaseMembers,
    settleStorm,
    killTarget,
    rescue,
    rescueOne,
    dueProbes,
    probe: probeTarget,
    targetWorks,
    pauseTarget,
    lockAppBuckets,
    saveAppBuckets,
    pauseApp,
  };
}
