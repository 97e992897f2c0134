import { expect, test } from 'vitest';
import type { MemesView } from '#lib/app/memes/protocol.ts';
import type { Address } from '#lib/channel/address.ts';
import OwedTools from '#lib/ui/components/memes/OwedTools.svelte';
import { FakeNode } from './ui-fake-node.ts';
import { sampleSlices } from './ui-sample.ts';
import { show } from './ui-show.ts';

const slices = sampleSlices(Date.now());
const account = `0x${'ab'.repeat(20)}` as Address;
const owing = (claim?: MemesView['claim']) =>
	new FakeNode({ ...slices, memes: { ...slices.memes, ...(claim ? { claim } : {}) } });
const props = (owed: bigint) => ({ owed, coin: 'ETH', account, onclaimed: () => undefined });

test('what the contract owes is fetched by one press', async () => {
	const node = owing();
	const screen = await show(node, OwedTools, props(15n * 10n ** 17n));
	await expect
		.element(screen.getByText(/^1\.5\sETH of closed channels could not be delivered/))
		.toBeVisible();
	await screen.getByRole('button', { name: 'Fetch it' }).click();
	expect(node.sent).toEqual([{ name: 'claimOwed', args: { account } }]);
});

test('on its way it is not sent again', async () => {
	const screen = await show(owing({ call: 'claim', state: 'sent' }), OwedTools, props(1n));
	await expect.element(screen.getByText('Sent, waiting for a block')).toBeVisible();
	await expect.element(screen.getByRole('button', { name: 'Fetch it' })).not.toBeInTheDocument();
});

test('with nothing owed nothing is said', async () => {
	const screen = await show(owing(), OwedTools, props(0n));
	await expect.element(screen.getByText('could not be delivered')).not.toBeInTheDocument();
});
