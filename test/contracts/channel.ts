import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Card } from '../../src/cards/card.ts';
import type { Channel, Message, ShowRequest } from '../../src/channels/channel.ts';
import { MessageGone, PlatformUnavailable, TargetGone } from '../../src/errors.ts';

/** A message as the platform (or its simulator) has it now, told from its own records. */
export interface PostedMessage {
  readonly ref: string;
  /** The message it stands under, where threads exist. */
  readonly threadOf?: string;
  /** Everything a reader sees, in any order and markup. */
  readonly text: string;
}

/** One channel with a platform behind it. */
export interface ChannelUnderTest {
  readonly channel: Channel;
  /** A place that exists, as the part of the target's address that the channel understands. */
  readonly address: string;
  /** A place that does not: dissolved, removed, refused. */
  readonly goneAddress: string;
  /** Somebody who can be mentioned there. */
  readonly person: { readonly id: string; readonly name: string };
  /** What stands at `address` now, in the order it was posted. */
  posted(): Promise<readonly PostedMessage[]>;
  /** A ref of the right form that names no message. */
  readonly goneRef: string;
  close(): Promise<void>;
}

const CARD: Card = {
  tone: 'critical',
  title: 'Disk almost full',
  subtitle: 'INC-20261122-001',
  tags: [{ text: 'critical', tone: 'critical' }],
  blocks: [
    { kind: 'text', text: [{ text: 'db-1 has ' }, { text: '2 GB', style: 'bold' }, { text: ' left' }] },
    {
      kind: 'buttons',
      buttons: [{ text: 'Acknowledge', style: 'primary', value: { action: 'ack', incident_id: 'INC-20261122-001' } }],
    },
  ],
  incidentId: 'INC-20261122-001',
  rev: 1,
};
const RESOLVED: Card = { ...CARD, tone: 'resolved', title: 'Disk has room again', rev: 2 };

/** What every channel promises, whatever its platform: declare it once per implementation. */
export function channelContract(name: string, open: () => Promise<ChannelUnderTest>): void {
  describe(`${name} keeps the channel contract`, () => {
    let under: ChannelUnderTest;
    beforeEach(async () => {
      under = await open();
    });
    afterEach(() => under.close());

    const never = () => new AbortController().signal;
    const showing = (more: Partial<ShowRequest> = {}): ShowRequest => ({
      key: 'contract-key-1',
      address: under.address,
      locale: 'en-US',
      card: CARD,
      changes: ['opened'],
      ...more,
    });
    const message = (more: Partial<Message> = {}): Message => ({
      key: 'contract-message-1',
      address: under.address,
      locale: 'en-US',
      content: { kind: 'text', text: [{ text: 'Anna has it now' }] },
      mentions: [],
      ...more,
    });

    it('posts a card and says by which id it can be found again', async () => {
      const shown = await under.channel.show(showing(), never());
      const posted = await under.posted();
      expect(posted).toHaveLength(1);
      expect(posted[0]?.ref).toBe(shown.ref);
      expect(posted[0]?.text).toContain('Disk almost full');
      expect(posted[0]?.text).toContain('2 GB');
    });

    it('shows cards of different keys apart', async () => {
      const first = await under.channel.show(showing(), never());
      const second = await under.channel.show(showing({ key: 'contract-key-2' }), never());
      expect(first.ref).not.toBe(second.ref);
      expect(await under.posted()).toHaveLength(2);
    });

    it('never posts a second card under one key, unless it says that it cannot know', async () => {
      const first = await under.channel.show(showing(), never());
      const again = await under.channel.show(showing(), never());
      if (under.channel.idempotency === 'none') return;
      expect(again.ref).toBe(first.ref);
      expect(await under.posted()).toHaveLength(1);
    });

    it('edits the card in place where it can edit, and says the change where it cannot', async () => {
      const previous = await under.channel.show(showing(), never());
      await under.channel.show(showing({ card: RESOLVED, previous, changes: ['resolved'] }), never());
      const posted = await under.posted();
      expect(posted.at(-1)?.text).toContain('Disk has room again');
      if (under.channel.editing === undefined) return;
      expect(posted).toHaveLength(1);
      expect(posted[0]?.text).not.toContain('Disk almost full');
    });

    it('calls a message that is no longer there gone, so that it is issued anew', async () => {
      if (under.channel.editing === undefined) return;
      const edit = showing({ previous: { ref: under.goneRef } });
      await expect(under.channel.show(edit, never())).rejects.toThrow(MessageGone);
      expect(await under.posted()).toHaveLength(0);
    });

    it('calls a place that is gone gone, for cards and for messages', async () => {
      const address = under.goneAddress;
      await expect(under.channel.show(showing({ address }), never())).rejects.toThrow(TargetGone);
      await expect(under.channel.send(message({ address }), never())).rejects.toThrow(TargetGone);
    });

    it('sends a message, under the card where threads exist', async () => {
      const card = await under.channel.show(showing(), never());
      const sent = await under.channel.send(message({ replyTo: card.ref }), never());
      const last = (await under.posted()).at(-1);
      expect(last?.ref).toBe(sent.ref);
      expect(last?.text).toContain('Anna has it now');
      expect(last?.threadOf).toBe(under.channel.threads && card.ref);
    });

    it('sends a card as a message too', async () => {
      await under.channel.send(message({ content: { kind: 'card', card: CARD } }), never());
      expect((await under.posted())[0]?.text).toContain('Disk almost full');
    });

    it('never sends a message twice under one key, unless it says that it cannot know', async () => {
      await under.channel.send(message(), never());
      await under.channel.send(message(), never());
      if (under.channel.idempotency === 'none') return;
      expect(await under.posted()).toHaveLength(1);
    });

    it('shows names and texts as they are, whatever markup they look like', async () => {
      const title = '<b>@all</b> **x** [y](https://evil.example) <at id=all></at>';
      await under.channel.show(showing({ card: { ...CARD, title, blocks: [] } }), never());
      expect((await under.posted())[0]?.text).toContain('@all');
    });

    it('does nothing once it is told to stop', async () => {
      const stopped = AbortSignal.abort();
      await expect(under.channel.show(showing(), stopped)).rejects.toThrow(PlatformUnavailable);
      await expect(under.channel.send(message(), stopped)).rejects.toThrow(PlatformUnavailable);
      expect(await under.posted()).toHaveLength(0);
    });

    it('declares limits that a card can live in and a pace that moves', () => {
      const { limits, pacing, callTimeoutMs } = under.channel;
      for (const bound of [...Object.values(limits), ...Object.values(pacing), callTimeoutMs])
        expect(bound).toBeGreaterThan(0);
    });
  });
}
