import type { Locator, Page } from 'playwright-core';
import type { OpenBrowser } from './browser.ts';

/** One colleague's window on the playground. */
export interface Window {
  readonly page: Page;
  /** The incident's card in the room itself, not one that answers somebody. */
  card(incident: string): Locator;
  /** Its button with this action, wherever on the card it stands. */
  button(incident: string, action: string): Locator;
  /** Unfolds the form, fills it, sends it, and says yes when asked once more. */
  submit(incident: string, form: string, values: Readonly<Record<string, string>>): Promise<void>;
  say(text: string): Promise<void>;
  /** Waits for the next notice and returns its words. */
  toast(): Promise<string>;
}

const PATIENCE_MS = 10_000;

/** Opens a window as somebody; what its console complains about is added to `faults`. */
export async function openWindow(
  { context }: OpenBrowser,
  url: string,
  person: string,
  faults: string[],
): Promise<Window> {
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  page.on('pageerror', (error) => faults.push(`${person}: ${error.message}`));
  page.on('console', (message) => void (message.type() === 'error' && faults.push(`${person}: ${message.text()}`)));
  await page.goto(`${url}/playground?as=${person}`);
  await page.waitForSelector('#live[data-state="live"]');
  const card = (incident: string) =>
    page.locator(`.message > .message-main > .card[data-incident="${incident}"]`).last();
  return {
    page,
    card,
    button: (incident, action) => card(incident).locator(`button[data-press*='"action":"${action}"']`).first(),
    submit: async (incident, form, values) => {
      const body = card(incident).locator(`form[data-form="${form}"]`);
      await card(incident)
        .locator('details.form', { has: page.locator(`form[data-form="${form}"]`) })
        .locator('summary')
        .click();
      for (const [name, value] of Object.entries(values)) {
        const select = body.locator(`select[name="${name}"]`);
        if ((await select.count()) > 0) await select.selectOption({ label: value });
        else await body.locator(`[name="${name}"]`).fill(value);
      }
      await body.locator('button[type="submit"]').click();
      const yes = page.locator('#confirm-yes');
      if (await yes.isVisible()) await yes.click();
    },
    say: async (text) => {
      // Whoever types looks at the window; one behind another does not scroll smoothly.
      await page.bringToFront();
      await page.fill('#typed', text);
      await page.keyboard.press('Escape');
      await page.keyboard.press('Enter');
    },
    toast: async () => {
      const toast = page.locator('.toast').last();
      await toast.waitFor();
      const words = await toast.innerText();
      await page.evaluate(`document.querySelector('#toasts').replaceChildren()`);
      return words;
    },
  };
}
