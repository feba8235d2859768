import type { ToldBy } from './ports.ts';

export interface InStormDeps {
  readonly toldBy: (incidentId: string) => Promise<ToldBy>;
  readonly sleep: (ms: number) => Promise<unknown>;
}

const LOOK_MS = 200;
/** A card is shown within a second; where delivery is held up for longer, the incident is asked about by itself. */
const LOOKS = 15;

/** Whether a storm tells of an incident. Delivery decides that with the first card, which may be a moment away. */
export const createInStorm =
  ({ toldBy, sleep }: InStormDeps) =>
  async (incidentId: string): Promise<boolean> => {
    for (let look = 1; look < LOOKS; look += 1) {
      const told = await toldBy(incidentId); // oxlint-disable-line no-await-in-loop -- each look is later than the one before
      if (told !== 'undecided') return told === 'storm';
      await sleep(LOOK_MS); // oxlint-disable-line no-await-in-loop
    }
    return (await toldBy(incidentId)) === 'storm';
  };
