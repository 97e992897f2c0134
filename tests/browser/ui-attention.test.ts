import { expect, test } from 'vitest';
import type { ChannelView } from '#lib/app/memes/protocol.ts';
import type { ChannelId } from '#lib/channel/address.ts';
import Attention from '#lib/ui/components/Attention.svelte';
import { openStanding } from '../simulation/channel/chain.ts';
import { channelOf } from '../simulation/channel/seals.ts';
import { FakeNode } from './ui-fake-node.ts';
import { sampleSlices } from './ui-sample.ts';
import { show } from './ui-show.ts';

const slices = sampleSlices(Date.now());
const tally = { rewarded: 0, burned: 0 };

/** A channel whose suggester claims something until then, Unix seconds. */
const claimed = (digit: string, deadline: number): ChannelView => ({
	...{ id: `0x${digit.repeat(64)}` as ChannelId, role: 'user', channel: channelOf(3), createdAt: 0 },
	...{ state: 'closing', peer: 'offline', tally, roundsLeft: 3, history: [], recovering: false },
	...{ equivocated: false, standing: { ...openStanding, phase: 'closing', closer: 'suggester', deadline } },
});

const withChannels = (channels: readonly ChannelView[]) =>
	new FakeNode({ ...slices, memes: { ...slices.memes, channels } });

test('the channel whose time ends first is told first, with a way to it; of many the rest is counted', async () => {
	const soon = Math.floor(Date.now() / 1_000) + 3_600;
	const channels = ['1', '2', '3', '4'].map((digit, index) => claimed(digit, soon - index));
	const screen = await show(withChannels(channels), Attention, {});
	const links = screen.getByRole('link', { name: 'Look at it' });
	await expect.element(links.first()).toHaveAttribute('href', `/memes/channel/0x${'4'.repeat(64)}`);
	expect(links.elements()).toHaveLength(2);
	await expect.element(screen.getByText('And 2 more channels wait.')).toBeVisible();
});

test('with nothing that waits nothing is said', async () => {
	const screen = await show(withChannels([]), Attention, {});
	await expect.element(screen.getByRole('link', { name: 'Look at it' })).not.toBeInTheDocument();
});
