import { expect, test, vi } from 'vitest';
import { userEvent } from 'vitest/browser';
import FindWorkScreen from '#lib/ui/screens/FindWorkScreen.svelte';
import JobScreen from '#lib/ui/screens/JobScreen.svelte';
import NewJobScreen from '#lib/ui/screens/NewJobScreen.svelte';
import OfferScreen from '#lib/ui/screens/OfferScreen.svelte';
import WorkScreen from '#lib/ui/screens/WorkScreen.svelte';
import { reactiveDraft } from './ui-draft.svelte.ts';
import { FakeNode } from './ui-fake-node.ts';
import {
	msg,
	reply,
	sampleJob,
	sampleLead,
	sampleMyOffer,
	sampleOffer,
	sampleSlices,
	topic,
} from './ui-sample.ts';
import { show } from './ui-show.ts';

const now = Date.now();
const sent = (node: FakeNode, name: string) =>
	node.sent.filter((command) => command.name === name).map(({ args }) => args);
const job = { id: msg('a'), onrenewed: vi.fn(), onremoved: vi.fn() };

test('a job that arrives while the list is open appears by itself', async () => {
	const node = new FakeNode({ ...sampleSlices(now), leads: [] });
	const screen = await show(node, FindWorkScreen, {});
	await expect.element(screen.getByText('No job on your topics right now')).toBeVisible();
	node.set('leads', [sampleLead(now)]);
	await expect.element(screen.getByRole('link', { name: /small bakery/ })).toBeVisible();
});

test('words of strangers are text: no element, no link, no style comes of them', async () => {
	const hostile =
		'<img src=x onerror="window.hit=1"><b style="color:red">bold</b> https://evil.example {@html 1}';
	const node = new FakeNode({ ...sampleSlices(now), leads: [sampleLead(now, { message: hostile })] });
	const screen = await show(node, FindWorkScreen, {});
	await expect.element(screen.getByText(hostile)).toBeVisible();
	expect(screen.container.querySelectorAll('img, b, [style], a[href*="evil"]')).toHaveLength(0);
	expect(screen.getByText(hostile).element().tagName).toBe('BDI');
});

test('searching narrows the list and can be taken back', async () => {
	const node = new FakeNode(sampleSlices(now));
	const screen = await show(node, FindWorkScreen, {});
	await screen.getByRole('searchbox').fill('bakery');
	await expect.element(screen.getByRole('status').filter({ hasText: /^1 job$/ })).toBeInTheDocument();
	await screen.getByRole('searchbox').fill('no such thing');
	await screen.getByRole('button', { name: 'Clear the search' }).click();
	await expect.element(screen.getByRole('link', { name: /bakery/ })).toBeVisible();
});

test('a topic is followed as it is canonical, and refused in words', async () => {
	const node = new FakeNode({
		...sampleSlices(now),
		settings: {
			topics: [],
			relays: [],
			iceServers: [],
			relayOnly: false,
			notifications: false,
			sparing: false,
			graphics: false,
			name: '',
		},
		leads: [],
	});
	const screen = await show(node, FindWorkScreen, {});
	await screen.getByRole('button', { name: 'Choose topics' }).click();
	const field = screen.getByRole('dialog').getByRole('textbox');
	await field.fill('/drive/$$');
	await userEvent.keyboard('{Enter}');
	await expect.element(screen.getByText(/Use letters, digits and - only/)).toBeVisible();
	await field.fill('Drive/ New South Wales');
	await userEvent.keyboard('{Enter}');
	await expect
		.element(screen.getByRole('button', { name: 'Stop following /drive/new-south-wales' }))
		.toBeVisible();
	expect(node.slices.current('settings').topics).toEqual(['/drive/new-south-wales']);
});

test('a job is posted with its cost shown before', async () => {
	const node = new FakeNode(sampleSlices(now));
	const onposted = vi.fn();
	const screen = await show(node, NewJobScreen, { draft: reactiveDraft(), onposted });
	await screen.getByLabelText('What do you need?').fill('  A ride to the airport ');
	await screen.getByLabelText('Topic', { exact: true }).fill('/Drive/Australia');
	await expect.element(screen.getByText('Will be posted on /drive/australia')).toBeVisible();
	await expect.element(screen.getByText(/About 2 seconds of work/)).toBeVisible();
	await screen.getByLabelText('Amount').fill('60');
	await screen.getByLabelText('Open for').selectOptions('4 hours');
	await screen.getByRole('button', { name: 'Post the job' }).click();
	await vi.waitFor(() => expect(onposted).toHaveBeenCalledWith(msg('a')));
	expect(sent(node, 'post')).toEqual([
		{
			topic: '/drive/australia',
			message: 'A ride to the airport',
			expiresInMs: 4 * 3_600_000,
			budget: { amount: 60, unit: 'EUR' },
		},
	]);
});

test('a job that cannot be posted says why, keeps what was typed and gives the field the focus', async () => {
	const node = new FakeNode(sampleSlices(now));
	const onposted = vi.fn();
	const screen = await show(node, NewJobScreen, { draft: reactiveDraft(), onposted });
	const text = screen.getByLabelText('What do you need?');
	const post = screen.getByRole('button', { name: 'Post the job' });
	await post.click();
	await expect.element(screen.getByText('Write what you need.')).toBeVisible();
	await expect.element(text).toHaveFocus();
	expect(sent(node, 'post')).toEqual([]);

	await text.fill('😀'.repeat(1025));
	await expect.element(screen.getByText('Too long: a text may have 4,096 bytes.')).toBeVisible();
	await text.fill('A ride');
	await screen.getByLabelText('Topic', { exact: true }).fill('/drive');
	node.refusal = 'storage';
	await post.click();
	await expect.element(screen.getByText(/This browser could not save it/)).toBeVisible();
	await expect.element(text).toHaveValue('A ride');
	expect(onposted).not.toHaveBeenCalled();
});

test('a job shows who carries it, how far the work is, and why others do not', async () => {
	const screen = await show(new FakeNode(sampleSlices(now)), JobScreen, job);
	await expect.element(screen.getByRole('progressbar')).toHaveAttribute('value', '0.62');
	await expect.element(screen.getByText('The neighbour takes no more favours right now.')).toBeVisible();
	await expect.element(screen.getByText('1 neighbour carries it')).toBeVisible();
});

test('a job is cancelled only after a question, with the reason given', async () => {
	const node = new FakeNode(sampleSlices(now));
	const screen = await show(node, JobScreen, job);
	await screen.getByRole('button', { name: 'Cancel the job' }).click();
	const dialog = screen.getByRole('dialog');
	await dialog.getByRole('button', { name: 'Keep it' }).click();
	expect(sent(node, 'cancelJob')).toEqual([]);
	await screen.getByRole('button', { name: 'Cancel the job' }).click();
	await dialog.getByRole('textbox').fill('Found a friend');
	await dialog.getByRole('button', { name: 'Cancel the job' }).click();
	await expect.element(screen.getByText('Job cancelled.')).toBeVisible();
	expect(sent(node, 'cancelJob')).toEqual([{ msgId: msg('a'), reason: 'Found a friend' }]);
});

test.each(['cancelled', 'expired', 'failed'] as const)(
	'a job that is %s is posted again in one tap',
	async (status) => {
		const expiresAt = now - 1;
		const node = new FakeNode({
			...sampleSlices(now),
			jobs: [sampleJob(now, { status, createdAt: expiresAt - 3_600_000, expiresAt })],
		});
		const onrenewed = vi.fn();
		const screen = await show(node, JobScreen, { ...job, onrenewed });
		await screen.getByRole('button', { name: 'Post it again' }).click();
		await vi.waitFor(() => expect(onrenewed).toHaveBeenCalledWith(msg('a')));
		expect(sent(node, 'renew')).toEqual([{ msgId: msg('a'), expiresInMs: 3_600_000 }]);
	},
);

test.each([
	['thanked', 'Choose this worker', 'choose'],
	['unreachable', 'Call again', 'retryCall'],
] as const)('an offer that is %s lets the customer press “%s”', async (state, name, command) => {
	const node = new FakeNode({
		...sampleSlices(now),
		jobs: [sampleJob(now, { offers: [sampleOffer(now, { state })] })],
	});
	const screen = await show(node, JobScreen, job);
	await screen.getByRole('button', { name }).click();
	expect(sent(node, command)).toEqual([{ replyId: reply('1') }]);
});

test.each(['opened', 'calling', 'rejected', 'declined', 'withdrawn', 'done'] as const)(
	'an offer that is %s offers nothing to press but its chat',
	async (state) => {
		const node = new FakeNode({
			...sampleSlices(now),
			jobs: [sampleJob(now, { offers: [sampleOffer(now, { state })] })],
		});
		const screen = await show(node, JobScreen, job);
		await expect.element(screen.getByRole('article')).toBeVisible();
		expect(screen.getByRole('article').getByRole('button').elements()).toEqual([]);
	},
);

test('an unknown job says so once the node has loaded, not before', async () => {
	const node = new FakeNode();
	const screen = await show(node, JobScreen, job);
	await expect.element(screen.getByText(/Opening what this device keeps/)).toBeVisible();
	node.set('network', sampleSlices(now).network);
	await expect.element(screen.getByText('This job is not on this device')).toBeVisible();
});

test('the customer’s chat marks what was seen, sends on Enter and keeps what could not be sent', async () => {
	const node = new FakeNode(sampleSlices(now));
	const screen = await show(node, OfferScreen, { id: msg('a'), replyId: reply('1') });
	await vi.waitFor(() => expect(sent(node, 'markRead')).toContainEqual({ replyId: reply('1') }));
	const field = screen.getByLabelText('Message');
	await field.fill('See you at the surf club');
	node.refusal = 'storage';
	await userEvent.keyboard('{Enter}');
	await expect.element(screen.getByText(/could not save it/)).toBeVisible();
	await expect.element(field).toHaveValue('See you at the surf club');
	node.refusal = undefined;
	await userEvent.keyboard('{Enter}');
	await expect.element(field).toHaveValue('');
	expect(sent(node, 'chat').at(-1)).toEqual({ replyId: reply('1'), text: 'See you at the surf club' });
});

test('a worker writes an offer with a price in the customer’s unit', async () => {
	const node = new FakeNode({ ...sampleSlices(now), offers: [] });
	const screen = await show(node, WorkScreen, { id: msg('7'), onremoved: vi.fn() });
	await screen.getByLabelText('Your offer').fill('Two drafts by Friday');
	await screen.getByLabelText('Amount').fill('280');
	await screen.getByRole('button', { name: 'Send the offer' }).click();
	await vi.waitFor(() =>
		expect(sent(node, 'offer')).toEqual([
			{ msgId: msg('7'), text: 'Two drafts by Friday', price: { amount: 280, unit: 'PLN' } },
		]),
	);
});

test.each([
	['cancelled', { code: 'cancelled-by-customer', reason: 'Found someone' }, 'The customer cancelled it.'],
	['expired', { code: 'expired' }, 'Its time ran out.'],
] as const)('a lead that is %s says why and takes no offer', async (status, cause, words) => {
	const node = new FakeNode({
		...sampleSlices(now),
		leads: [sampleLead(now, { status, cause })],
		offers: [],
	});
	const screen = await show(node, WorkScreen, { id: msg('7'), onremoved: vi.fn() });
	await expect.element(screen.getByText(new RegExp(words))).toBeVisible();
	expect(screen.getByRole('button', { name: 'Send the offer' }).elements()).toEqual([]);
});

test('an offer outlives the lead it answers, and is withdrawn after a question', async () => {
	const node = new FakeNode({
		...sampleSlices(now),
		leads: [],
		offers: [sampleMyOffer(now, { topic: topic('/design') })],
	});
	const screen = await show(node, WorkScreen, { id: msg('8'), onremoved: vi.fn() });
	await expect.element(screen.getByText(/Do the job; details go in the chat/)).toBeVisible();
	await screen.getByRole('button', { name: 'Withdraw the offer' }).click();
	await screen.getByRole('dialog').getByRole('button', { name: 'Withdraw the offer' }).click();
	await vi.waitFor(() => expect(sent(node, 'withdrawOffer')).toEqual([{ replyId: reply('9') }]));
});
