import { initialSlices } from '#lib/app/initial-slices.ts';
import type { Slices } from '#lib/app/protocol.ts';
import type { MsgId, PeerId, ReplyId, Topic } from '#lib/core/brand.ts';
import type { JobView, LeadView, MyOfferView, OfferView } from '#lib/gossip/view.ts';

const minute = 60_000;
const hour = 60 * minute;

const peer = (letter: string): PeerId => letter.repeat(64) as PeerId;
export const msg = (letter: string): MsgId => letter.repeat(64) as MsgId;
export const reply = (letter: string): ReplyId => letter.repeat(32) as ReplyId;
export const topic = (path: string): Topic => path as Topic;

export const sampleOffer = (now: number, changes: Partial<OfferView> = {}): OfferView => ({
	replyId: reply('1'),
	msgId: msg('a'),
	receivedAt: now - 3 * minute,
	text: 'I can pick you up at 6:45 in a blue Corolla. Ten years of driving in Sydney, child seat on request.',
	price: { amount: 55, unit: 'AUD' },
	state: 'thanked',
	hops: 2,
	online: true,
	chat: [],
	unread: 0,
	...changes,
});

export const sampleJob = (now: number, changes: Partial<JobView> = {}): JobView => ({
	msgId: msg('a'),
	topic: topic('/drive/australia/sydney'),
	message: 'A ride from Bondi Beach to the airport on Friday at 7 in the morning, two people, one suitcase.',
	budget: { amount: 60, unit: 'AUD' },
	createdAt: now - 12 * minute,
	expiresAt: now + 23 * hour,
	status: 'open',
	carriers: [
		{ peer: peer('b'), state: 'sent', complexity: 0, progress: 0 },
		{ peer: peer('c'), state: 'working', complexity: 4_194_304, progress: 0.62 },
		{
			peer: peer('d'),
			state: 'refused',
			complexity: 0,
			progress: 0,
			cause: { code: 'not-now', peer: peer('d') },
		},
		{ peer: peer('e'), state: 'silent', complexity: 0, progress: 0, cause: { code: 'silent' } },
	],
	offers: [],
	...changes,
});

export const sampleLead = (now: number, changes: Partial<LeadView> = {}): LeadView => ({
	msgId: msg('7'),
	topic: topic('/design/logo'),
	message: 'A logo for a small bakery in Gdańsk: warm, hand-drawn, works in one colour on a paper bag.',
	budget: { amount: 300, unit: 'PLN' },
	createdAt: now - 9 * minute,
	expiresAt: now + 5 * hour,
	heardAt: now - 8 * minute,
	status: 'open',
	...changes,
});

export const sampleMyOffer = (now: number, changes: Partial<MyOfferView> = {}): MyOfferView => ({
	replyId: reply('9'),
	msgId: msg('8'),
	topic: topic('/translate/polish/english'),
	message: 'Translate a two-page lease from Polish to English by tomorrow evening.',
	budget: { amount: 40, unit: 'EUR' },
	jobExpiresAt: now + 20 * hour,
	text: 'Sworn translator, I can deliver tomorrow at noon.',
	price: { amount: 45, unit: 'EUR' },
	sentAt: now - 34 * minute,
	state: 'chosen',
	online: false,
	chat: [
		{ id: 'm1', mine: false, at: now - 20 * minute, text: 'Hello! Is noon still fine?', delivered: true },
		{
			id: 'm2',
			mine: true,
			at: now - 18 * minute,
			text: 'Yes. Please send both pages here.',
			delivered: true,
		},
		{
			id: 'm3',
			mine: true,
			at: now - 2 * minute,
			text: 'And the landlord’s name, spelled out?',
			delivered: false,
		},
	],
	unread: 0,
	waiting: { actor: 'you', step: 'do-job', until: now + 20 * hour, otherwise: 'nothing' },
	...changes,
});

/** A busy node: something in every list, and every awkward text a stranger could send. */
export function sampleSlices(now: number): Slices {
	const job = sampleJob(now, {
		waiting: {
			actor: 'neighbours',
			step: 'collect-offers',
			until: now + 23 * hour,
			otherwise: 'job-expires',
		},
		offers: [
			sampleOffer(now, {
				chat: [
					{
						id: 'c1',
						mine: false,
						at: now - 2 * minute,
						text: 'Shall I wait at the surf club?',
						delivered: true,
					},
				],
				unread: 1,
				waiting: { actor: 'you', step: 'choose-worker', until: now + 23 * hour, otherwise: 'job-expires' },
			}),
			sampleOffer(now, {
				replyId: reply('2'),
				text: 'Van with eight seats. Cheaper if the time can move by half an hour.',
				price: { amount: 48, unit: 'AUD' },
				state: 'unreachable',
				hops: 0,
				online: false,
				cause: { code: 'worker-unreachable' },
				waiting: {
					actor: 'this-device',
					step: 'retry-call',
					until: now + 2 * minute,
					otherwise: 'offer-discarded',
				},
			}),
			sampleOffer(now, {
				replyId: reply('3'),
				text: 'Best price!!! Click here',
				state: 'rejected',
				cause: { code: 'job-differs', peer: peer('d') },
			}),
		],
	});
	return {
		...initialSlices,
		jobs: [
			job,
			sampleJob(now, {
				msgId: msg('b'),
				topic: topic('/repair/bicycle'),
				message: 'Rear wheel out of true, can bring it over.',
				status: 'expired',
				cause: { code: 'expired' },
				createdAt: now - 26 * hour,
				expiresAt: now - 2 * hour,
			}),
			sampleJob(now, {
				msgId: msg('c'),
				topic: topic('/deliver'),
				message: 'Bring my keys from the office.',
				status: 'failed',
				cause: { code: 'all-refused' },
				createdAt: now - 3 * hour,
			}),
		],
		leads: [
			sampleLead(now),
			sampleLead(now, {
				msgId: msg('8'),
				topic: topic('/translate/polish/english'),
				message: 'Translate a two-page lease from Polish to English by tomorrow evening.',
				budget: { amount: 40, unit: 'EUR' },
				status: 'offered',
				heardAt: now - 40 * minute,
			}),
			sampleLead(now, {
				msgId: msg('6'),
				topic: topic('/design/אתר'),
				message: 'דרוש מעצב לאתר קטן, שלושה עמודים <b>not bold</b> https://example.org',
				heardAt: now - 70 * minute,
			}),
			sampleLead(now, {
				msgId: msg('5'),
				topic: topic('/'),
				message: `Long${'o'.repeat(180)} words and ${'many lines\n'.repeat(6)}`,
				heardAt: now - 90 * minute,
			}),
			sampleLead(now, {
				msgId: msg('4'),
				message: 'Poster for a school play.',
				status: 'cancelled',
				cause: { code: 'cancelled-by-customer', reason: 'Found someone in the family' },
				heardAt: now - 2 * hour,
			}),
			sampleLead(now, {
				msgId: msg('3'),
				message: 'Cheap followers.',
				status: 'hidden',
				heardAt: now - 3 * hour,
			}),
		],
		offers: [
			sampleMyOffer(now),
			sampleMyOffer(now, {
				replyId: reply('8'),
				msgId: msg('4'),
				topic: topic('/design/logo'),
				message: 'Poster for a school play.',
				text: 'Two drafts by Sunday.',
				state: 'cancelled',
				cause: { code: 'cancelled-by-customer', reason: 'Found someone in the family' },
				chat: [],
			}),
		],
		activity: [
			{
				id: 'e1',
				at: now - 12 * minute,
				kind: 'job-posted',
				msgId: msg('a'),
				excerpt: job.message,
				read: true,
			},
			{
				id: 'e2',
				at: now - 3 * minute,
				kind: 'offer-received',
				msgId: msg('a'),
				replyId: reply('1'),
				excerpt: job.message,
				read: true,
			},
			{
				id: 'e3',
				at: now - 3 * minute,
				kind: 'offer-validated',
				msgId: msg('a'),
				replyId: reply('1'),
				excerpt: job.message,
				read: false,
			},
			{
				id: 'e4',
				at: now - 2 * minute,
				kind: 'chat',
				msgId: msg('a'),
				replyId: reply('1'),
				excerpt: 'Shall I wait at the surf club?',
				read: false,
			},
			{
				id: 'e5',
				at: now - 2 * hour,
				kind: 'job-expired',
				msgId: msg('b'),
				excerpt: 'Rear wheel out of true, can bring it over.',
				read: true,
				cause: { code: 'expired' },
			},
			{
				id: 'e6',
				at: now - 25 * minute,
				kind: 'chosen',
				msgId: msg('8'),
				replyId: reply('9'),
				excerpt: 'Translate a two-page lease from Polish to English',
				read: false,
			},
		],
		settings: {
			topics: [topic('/design'), topic('/translate/polish')],
			relays: [],
			iceServers: [],
			relayOnly: false,
			notifications: false,
			sparing: false,
			graphics: false,
			name: 'Ada',
		},
		network: {
			...initialSlices.network,
			self: peer('f'),
			state: 'joined',
			role: 'keeper',
			hashRate: 2_400_000,
			work: { solvers: 3, graphics: false, saving: false, held: false, because: 'mains' },
			links: ['b', 'c', 'd', 'e', '9'].map((letter, index) => ({
				peer: peer(letter),
				initiator: index % 2 === 0,
				since: now - (index + 1) * 7 * minute,
				...(index < 4 && { rttMs: 18 + 31 * index }),
				degree: 4 + index,
				framesIn: 1200 * (index + 1),
				framesOut: 800 + index,
				bytesIn: 480_000 * (index + 1),
				bytesOut: 52_000,
				admission: index === 1 ? 'working' : 'proven',
				state: index === 3 ? 'stalled' : 'open',
				neighbours: [peer('f')],
			})),
			relays: [
				{ name: 'wss://relay.example.org', state: 'open', rttMs: 84, sent: 14, received: 31 },
				{ name: 'wss://nos.example.net/very/long/path', state: 'open', rttMs: 210, sent: 14, received: 29 },
				{
					name: 'wss://closed.example.com',
					state: 'refused',
					error: 'auth-required: members only',
					sent: 2,
					received: 1,
				},
			],
			ledger: [
				{
					peer: peer('b'),
					linked: true,
					balance: 2.4,
					creditLimit: 16,
					factor: 1,
					complexity: 0,
					priceBecause: 'credit',
					thanks: 6,
					misses: 0,
					carriedForMe: 9,
					carriedForThem: 7,
					interests: [topic('/drive'), topic('/design/logo')],
				},
				{
					peer: peer('c'),
					linked: true,
					balance: -5,
					creditLimit: 4,
					factor: 4,
					complexity: 4_194_304,
					priceBecause: 'newcomer',
					thanks: 0,
					misses: 0,
					carriedForMe: 0,
					carriedForThem: 5,
					interests: [],
				},
				{
					peer: peer('d'),
					linked: false,
					balance: -2.2,
					creditLimit: 1,
					factor: 16,
					complexity: 16_777_216,
					priceBecause: 'missing-thanks',
					thanks: 1,
					misses: 3,
					carriedForMe: 1,
					carriedForThem: 12,
					interests: [topic('/translate')],
				},
			],
			traffic: {
				framesIn: { AskForFavour: 212, Broadcast: 148, Have: 96, ReplyRequest: 12, ThankYou: 9 },
				framesOut: { AskForFavour: 190, AskForFavourReply: 205, Broadcast: 121, ThankYou: 7 },
				refused: { 'bad-proof': 2, 'too-fast': 11 },
				hashesDone: 48_300_000,
				broadcastsSeen: 61,
				duplicates: 87,
				repliesCarried: 12,
				thanksSeen: 9,
			},
			log: [
				{ at: now - 4000, level: 'info', part: 'webrtc/link', text: 'linked to bbbbbbbb after 412 ms' },
				{
					at: now - 2000,
					level: 'warn',
					part: 'webrtc/nostr',
					text: 'wss://closed.example.com refused: auth-required',
				},
			],
		},
	};
}
