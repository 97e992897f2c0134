import { describe, expect, test } from 'vitest';
import type { MsgId, ReplyId, Topic } from '#lib/core/brand.ts';
import type { ActivityView, LeadView, OfferView } from '#lib/gossip/view.ts';
import { activityOf, groupActivity } from '#lib/ui/activity.ts';
import { sameExpiry } from '#lib/ui/expiry.ts';
import { arrangeLeads } from '#lib/ui/leads.ts';
import { moneyFromInput } from '#lib/ui/money-input.ts';
import { sortOffers } from '#lib/ui/offers.ts';
import { relaysFromInput } from '#lib/ui/relay-input.ts';
import { suggestTopics } from '#lib/ui/topics.ts';

const topics = (...paths: string[]) => paths as Topic[];
const lead = (id: string, changes: Partial<LeadView> = {}): LeadView => ({
	msgId: id as MsgId,
	topic: '/drive/australia' as Topic,
	message: 'A ride to the airport',
	createdAt: 0,
	expiresAt: 100,
	heardAt: 0,
	status: 'open',
	...changes,
});
const ids = (leads: readonly LeadView[]) => leads.map(({ msgId }) => msgId);
const everything = { words: '', topic: undefined, sort: 'newest' } as const;

describe('leads', () => {
	test('are put on the shelf their state asks for', () => {
		const shelves = arrangeLeads(
			[
				lead('open'),
				lead('offered', { status: 'offered' }),
				lead('cancelled', { status: 'cancelled' }),
				lead('expired', { status: 'expired' }),
				lead('hidden', { status: 'hidden' }),
			],
			everything,
		);
		expect(Object.values(shelves).map(ids)).toEqual([
			['open', 'offered'],
			['cancelled', 'expired'],
			['hidden'],
		]);
	});

	test('match when they hold every word, in text or topic', () => {
		const leads = [
			lead('a'),
			lead('b', { message: 'Airport pick-up, van' }),
			lead('c', { topic: '/design' as Topic }),
		];
		const found = (words: string) => ids(arrangeLeads(leads, { ...everything, words }).open);
		expect(found(' AIRPORT  van ')).toEqual(['b']);
		expect(found('design ride')).toEqual(['c']);
		expect(found('boat')).toEqual([]);
	});

	test('are narrowed by a topic both ways: below it and above it', () => {
		const leads = [
			lead('a'),
			lead('b', { topic: '/drive' as Topic }),
			lead('c', { topic: '/design' as Topic }),
		];
		const chosen = '/drive/australia' as Topic;
		expect(ids(arrangeLeads(leads, { ...everything, topic: chosen }).open)).toEqual(['a', 'b']);
	});

	test('are sorted by arrival, end, or budget within one unit', () => {
		const leads = [
			lead('a', { heardAt: 1, expiresAt: 30, budget: { amount: 5, unit: 'EUR' } }),
			lead('b', { heardAt: 3, expiresAt: 20 }),
			lead('c', { heardAt: 2, expiresAt: 10, budget: { amount: 9, unit: 'EUR' } }),
			lead('d', { heardAt: 0, expiresAt: 40, budget: { amount: 9000, unit: 'sat' } }),
		];
		const sorted = (sort: 'newest' | 'ending' | 'budget') =>
			ids(arrangeLeads(leads, { ...everything, sort }).open).join('');
		expect([sorted('newest'), sorted('ending'), sorted('budget')]).toEqual(['bcad', 'cbad', 'cadb']);
	});
});

test('offers: the chosen first, the failed last, prices only against their own unit', () => {
	const offer = (id: string, changes: Partial<OfferView>) =>
		({ replyId: id as ReplyId, receivedAt: 0, state: 'thanked', ...changes }) as OfferView;
	const offers = [
		offer('a', { receivedAt: 1, price: { amount: 50, unit: 'EUR' } }),
		offer('b', { receivedAt: 2, price: { amount: 40, unit: 'EUR' } }),
		offer('c', { receivedAt: 3 }),
		offer('d', { receivedAt: 0, state: 'rejected', price: { amount: 1, unit: 'EUR' } }),
		offer('e', { receivedAt: 9, state: 'chosen', price: { amount: 99, unit: 'EUR' } }),
	];
	expect(
		sortOffers(offers, 'received')
			.map(({ replyId }) => replyId)
			.join(''),
	).toBe('eabcd');
	expect(
		sortOffers(offers, 'price')
			.map(({ replyId }) => replyId)
			.join(''),
	).toBe('ebacd');
});

describe('activity', () => {
	const entry = (
		id: string,
		at: number,
		msgId: string,
		changes: Partial<ActivityView> = {},
	): ActivityView => ({
		id,
		at,
		kind: 'offer-received',
		msgId: msgId as MsgId,
		excerpt: `job ${msgId}`,
		read: true,
		...changes,
	});
	const activity = [
		entry('1', 10, 'a'),
		entry('2', 40, 'b', { read: false }),
		entry('3', 50, 'a', { kind: 'chat', excerpt: 'hello', read: false }),
	];

	test('is grouped by job, the latest news first, titled by the job and not by a chat line', () => {
		const groups = groupActivity(activity);
		expect(groups.map(({ msgId, excerpt, unread }) => [msgId, excerpt, unread])).toEqual([
			['a', 'job a', 1],
			['b', 'job b', 1],
		]);
		expect(groups[0]?.entries.map(({ id }) => id)).toEqual(['3', '1']);
	});

	test('of one job runs forward', () => {
		expect(activityOf(activity, 'a' as MsgId).map(({ id }) => id)).toEqual(['1', '3']);
	});
});

describe('what a person types', () => {
	test.each([
		['', 'EUR', undefined],
		[' 60 ', ' EUR ', { amount: 60, unit: 'EUR' }],
		['0', 'EUR', 'bad'],
		['1.5', 'EUR', 'bad'],
		['-3', 'EUR', 'bad'],
		['1e3', 'EUR', 'bad'],
		['9999999999999999', 'EUR', 'bad'],
		['5', '', 'bad'],
		['5', 'E€', 'bad'],
		['5', 'SATOSHIES', 'bad'],
	])('money %j %j', (amount, unit, expected) => {
		expect(moneyFromInput(amount, unit)).toEqual(expected);
	});

	test.each([
		['', { relays: [] }],
		[
			'wss://a.example\n\n wss://b.example/x \nwss://a.example',
			{ relays: ['wss://a.example', 'wss://b.example/x'] },
		],
		['ws://localhost:7777', { relays: ['ws://localhost:7777'] }],
		['wss://a.example https://b.example', { bad: 'https://b.example' }],
		['ws://192.168.1.2', { bad: 'ws://192.168.1.2' }],
		['wss://user:pw@a.example', { bad: 'wss://user:pw@a.example' }],
		['javascript:alert(1)', { bad: 'javascript:alert(1)' }],
		[Array.from({ length: 9 }, (_, i) => `wss://r${String(i)}.example`).join('\n'), { tooMany: true }],
	])('relays %j', (text, expected) => {
		expect(relaysFromInput(text)).toEqual(expected);
	});

	test('topics are suggested by how often they were met, without those already taken', () => {
		const met = topics('/drive/australia', '/cook', '/drive/australia', '/');
		expect(suggestTopics(met, topics('/cook')).slice(0, 2)).toEqual(['/drive/australia', '/drive']);
		expect(suggestTopics(met, [], 'DRIVE')).toEqual(['/drive/australia', '/drive']);
		expect(suggestTopics([], [], 'zzz')).toEqual([]);
	});

	test('renewing keeps the span, never beyond the longest', () => {
		expect([sameExpiry(3_500_000), sameExpiry(86_400_000), sameExpiry(9e9)]).toEqual([
			3_600_000, 86_400_000, 604_800_000,
		]);
	});
});
