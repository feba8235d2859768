import type { LarkSimulator } from '../simulators/lark/simulator.ts';

/** For a busy machine, where the platform's few seconds are not what a test is about. */
export const PATIENCE = { pushDeadlineMs: 15_000, challengeDeadlineMs: 15_000 };
export const LARK_WAITS_MS = 14_000;

/** Of the app's console, for every server of these tests. */
export const ENCRYPT_KEY = 'an encrypt key of the console';

/** What the configuration says about the simulated platform's app. */
export const larkEnvironment = ({ app, url }: LarkSimulator) => ({
  LARK_APP_ID: app.id,
  LARK_APP_SECRET: app.secret,
  LARK_DOMAIN: url,
});

/** The keys by which the two addresses are served. */
export const larkKeys = ({ verificationToken }: LarkSimulator) => ({
  LARK_VERIFICATION_TOKEN: verificationToken,
  LARK_ENCRYPT_KEY: ENCRYPT_KEY,
});

/** Has the platform call a server's two addresses from now on. */
export async function saveAddresses(lark: LarkSimulator, url: string): Promise<void> {
  const faults = await lark.saveAddresses(url, ENCRYPT_KEY);
  if (faults.length > 0) throw new Error(`the addresses were not saved: ${faults.join(', ')}`);
}
