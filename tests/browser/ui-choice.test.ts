import { expect, test } from 'vitest';
import type { ChannelView } from '#lib/app/memes/protocol.ts';
import type { ChannelId } from '#lib/channel/address.ts';
import Choice from '#lib/ui/components/memes/Choice.svelte';
import { openStanding } from '../simulation/channel/chain.ts';
import { channelOf } from '../simulation/channel/seals.ts';
import { FakeNode } from './ui-fake-node.ts';
import { sampleSlices } from './ui-sample.ts';
import { show } from './ui-show.ts';

const id = `0x${'1'.repeat(64)}` as ChannelId;
const view: ChannelView = {
	...{ id, role: 'user', channel: channelOf(3), createdAt: 0, state: 'open', peer: 'online' },
	...{ tally: { rewarded: 0, burned: 0 }, roundsLeft: 3, history: [], recovering: false },
	...{ equivocated: false, standing: openStanding },
};
const fakeNode = () => new FakeNode(sampleSlices(Date.now()));
const props = (change: Partial<ChannelView>) => ({ channel: { ...view, ...change }, coin: 'ETH' });

test('a picture on another site is fetched by nobody, and answered only by who went there to see it', async () => {
	const node = fakeNode();
	const offer = {
		...{ round: 1, sha256: '2'.repeat(64), size: 9, mime: 'image/png', content: 'elsewhere', received: 0 },
		url: 'https://pictures.example/1.png',
	} as const;
	const waiting = { actor: 'suggester', step: 'send-picture', otherwise: 'nothing' } as const;
	const screen = await show(node, Choice, props({ offer, waiting } as Partial<ChannelView>));
	const link = screen.getByRole('link', { name: 'Open pictures.example in a new tab' });
	await expect.element(link).toHaveAttribute('rel', 'external noopener noreferrer');
	await expect.element(screen.getByRole('button', { name: /^Reward/ })).not.toBeInTheDocument();
	// The site itself is not there: only the press counts.
	link.element().addEventListener('click', (event) => event.preventDefault());
	await link.click();
	await screen.getByRole('button', { name: /^Burn/ }).click();
	expect(node.sent).toEqual([{ name: 'chooseReaction', args: { id, round: 1, kind: 'burn' } }]);
});

test('an answer that waits for the chain says so, and can still be taken back', async () => {
	const node = fakeNode();
	const offer = {
		...{ round: 1, sha256: '2'.repeat(64), size: 9, mime: 'image/png', content: 'coming', received: 0 },
	} as const;
	const waiting = { actor: 'chain', step: 'read-chain', otherwise: 'retry' } as const;
	const choosing = { kind: 'reward', until: 0 } as const;
	const screen = await show(node, Choice, props({ offer, waiting, choosing } as Partial<ChannelView>));
	await expect
		.element(screen.getByText(/as soon as the chain shows that the channel is still open/))
		.toBeVisible();
	await expect.element(screen.getByRole('button', { name: 'Sign it now' })).not.toBeInTheDocument();
	await screen.getByRole('button', { name: 'Take it back' }).click();
	expect(node.sent).toEqual([{ name: 'undoReaction', args: { id } }]);
});
