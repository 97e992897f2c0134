import type { MsgId, PublicKey, ReplyId, Topic } from '#lib/core/brand.ts';
import {
	between,
	bytes,
	choice,
	hex,
	list,
	text,
	u16,
	u32,
	u64,
	u8,
	varBytes,
} from '#lib/core/wire/field.ts';
import { frame, frameTable, type FrameOf } from '#lib/core/wire/frame.ts';
import { optional, record, type ValueOf } from '#lib/core/wire/record.ts';
import { isSchemeName } from '#lib/pow/schemes.ts';
import { wireLimits } from '../limits.ts';
import { isRelayUrl } from './relay-url.ts';
import { isTopic } from '../topic.ts';

/** Version byte of `sweet/1`. */
export const wireVersion = 1;

const topic = text<Topic>(wireLimits.topicBytes, isTopic, 'a canonical topic');
const msgId = hex<MsgId>(32);
const replyId = hex<ReplyId>(16);
const key = hex<PublicKey>(32);
const printable = (max: number) =>
	text(
		max,
		(value) => value === value.normalize('NFC') && !/(?![\t\n])\p{Cc}/u.test(value),
		'NFC text without control characters',
	);
const schemeName = text(16, isSchemeName, 'a scheme name');
const unit = text(8, (value) => /^[A-Za-z]{1,8}$/.test(value), 'a currency or unit');
/** First 8 bytes of a MsgId: enough to say "I have that one". */
const shortId = hex(8);

/** `number:timestamp` of the seed: number = 64 bits of HMAC, timestamp = issuer's clock in ms. */
const favour = { favourNumber: hex(8), favourTimestamp: u64 };

export const refusals = {
	'not-now': 1,
	'bad-frame': 2,
	'favour-unknown': 3,
	'favour-expired': 4,
	'favour-used': 5,
	'bad-proof': 6,
	'bad-signature': 7,
	'topic-mismatch': 8,
	'job-expired': 9,
	'job-cancelled': 10,
	'price-too-high': 11,
	'no-wallet': 12,
	'too-fast': 13,
	'unknown-job': 14,
	'too-many-hops': 15,
	'bad-reply': 16,
	'no-route': 17,
	'no-scheme': 18,
} as const;

export type RefusalCode = keyof typeof refusals;

/** What the customer signs once, with the job's reply key. MsgId = tagged hash of these bytes. */
export const jobCore = record(
	'JobCore',
	'The job itself, signed once by its reply key; every node sees the same bytes.',
	{
		topic,
		message: printable(wireLimits.messageBytes),
		thankYouKey: bytes(33),
		replyKey: key,
		createdAt: u64,
		expiresAt: u64,
	},
	{
		budgetAmount: optional(1, u64),
		budgetUnit: optional(3, unit),
	},
);

/** Where a worker can be called: never a URL or an IP address, dialled only through our own transport. */
export const inetAddr = record(
	'InetAddr',
	'A rendezvous: key to call, relays to meet at, and a one-time secret.',
	{
		key,
		relays: list(text(wireLimits.relayBytes, isRelayUrl, 'a relay URL'), wireLimits.relays),
		secret: hex(16),
	},
);

const price = {
	priceAmount: optional(1, u64),
	priceUnit: optional(3, unit),
};

/** What a worker promises; its tagged hash is what the worker signs and a Validate frame repeats. */
export const offerTerms = record(
	'OfferTerms',
	'The part of a reply that its signature and the `replyDigest` of Validate cover. Never sent by itself.',
	{ reply: printable(wireLimits.replyBytes), inetAddr: varBytes(1_024) },
	price,
);

/** Plaintext of a sealed reply, before padding. */
export const sealedReply = record(
	'SealedReply',
	'The original job and the offer, readable by the customer only. `signature` is by `replierKey` over a tagged hash of msgId, ephemeral key and OfferTerms.',
	{
		msgId,
		core: varBytes(6_144),
		reply: printable(wireLimits.replyBytes),
		replierKey: key,
		inetAddr: varBytes(1_024),
		signature: bytes(64),
	},
	price,
);

const types = [
	frame(
		0x10,
		'Hello',
		record(
			'Hello',
			'What this node can do and which topics it follows; sent when a link opens and when they change.',
			{
				capabilities: u32,
				interests: list(topic, wireLimits.interests),
			},
		),
	),
	frame(
		0x11,
		'AskForFavour',
		record(
			'AskForFavour',
			'Asks a neighbour on which terms it would carry a broadcast on this topic.',
			{
				askId: u32,
				topic,
				size: u16,
				shortId,
			},
			{
				/** Schemes of work the asker can solve; `sha256` alone when absent. */
				powSchemes: optional(1, list(schemeName, wireLimits.powSchemes)),
			},
		),
	),
	frame(
		0x12,
		'AskForFavourReply',
		record(
			'AskForFavourReply',
			'A favour and its terms: work, sats, or both; the asker picks.',
			{
				askId: u32,
				...favour,
				validForMs: u32,
			},
			{
				powScheme: optional(2, schemeName),
				powComplexity: optional(4, u64),
				// Even: who skipped it would think the favour free.
				priceMsat: optional(6, u64),
				lightningAddress: optional(7, text(wireLimits.lightningAddressBytes)),
				invoice: optional(9, text(wireLimits.invoiceBytes)),
				/** Favours the invoice pays for; 1 when absent. */
				packSize: optional(11, u16),
				/** A pack of before that is not used up: its preimage pays for this favour. */
				packHash: optional(13, bytes(32)),
			},
		),
	),
	frame(
		0x13,
		'Refuse',
		record(
			'Refuse',
			'Politely no, with the reason. `ref` repeats what was refused: an askId (4 bytes), a shortId (8) or a replyId (16).',
			{
				ref: varBytes(16),
				code: choice(refusals),
				retryAfterMs: u32,
			},
		),
	),
	frame(
		0x14,
		'Broadcast',
		record(
			'Broadcast',
			'The job, with the favour it uses, the complexity that favour asked for and the proof that it was paid.',
			{
				...favour,
				complexity: u64,
				proof: varBytes(wireLimits.proofBytes),
				ttl: between(u8, 1, wireLimits.ttl),
				core: varBytes(6_144),
				signature: bytes(64),
			},
			{
				replyLightningAddress: optional(1, text(wireLimits.lightningAddressBytes)),
				replyPriceMsat: optional(2, u64),
				lockCltv: optional(3, u16),
				/** The scheme of the proof, as the favour named it; `sha256` when absent. */
				powScheme: optional(4, schemeName),
				replyDeadline: optional(5, u64),
			},
		),
	),
	frame(
		0x15,
		'Have',
		record('Have', 'I already have this broadcast: stop working on it for me.', { shortId }),
	),
	frame(
		0x16,
		'ReplyRequest',
		record(
			'ReplyRequest',
			'A sealed offer on its way back to the customer.',
			{
				msgId,
				ephemeralKey: bytes(33),
				paymentHash: bytes(32),
				hops: between(u8, 0, 2 * wireLimits.ttl),
				sealed: varBytes(12_400),
			},
			{ lockMsat: optional(2, u64), invoice: optional(5, text(wireLimits.invoiceBytes)) },
		),
	),
	frame(
		0x17,
		'ReplyInvoice',
		record('ReplyInvoice', 'The hold invoice that must be locked before a priced reply travels on.', {
			replyId,
			invoice: text(wireLimits.invoiceBytes),
			payBy: u64,
		}),
	),
	frame(
		0x18,
		'ThankYou',
		record(
			'ThankYou',
			"The secret whose SHA-256 is the reply's payment hash: proof that the customer got the reply.",
			{
				msgId,
				replyId,
				secret: bytes(32),
			},
		),
	),
	frame(
		0x19,
		'CancelJob',
		record('CancelJob', "The customer withdraws the job; signed by the job's reply key.", {
			msgId,
			at: u64,
			reason: printable(wireLimits.reasonBytes),
			signature: bytes(64),
		}),
	),
] as const;

/** Frames between neighbours of the mesh. */
export const meshFrames = frameTable(wireVersion, wireLimits.frameBytes, types);
export type MeshFrame = FrameOf<(typeof types)[number]>;
export type MeshFrameOf<K extends MeshFrame['kind']> = Extract<MeshFrame, { kind: K }>;
export const meshFrameTypes = types;

const directTypes = [
	frame(
		0x20,
		'Validate',
		record('Validate', 'The customer calls the worker: is this offer, to this job, yours?', {
			msgId,
			replyId,
			coreDigest: bytes(32),
			replyDigest: bytes(32),
			challenge: bytes(16),
		}),
	),
	frame(
		0x21,
		'Ack',
		record(
			'Ack',
			"The worker's answer, signed by its replier key over challenge, digests and both DTLS fingerprints.",
			{
				replyId,
				verdict: choice({ ok: 0, 'job-differs': 1, 'offer-differs': 2, 'unknown-offer': 3, withdrawn: 4 }),
				signature: bytes(64),
			},
		),
	),
	frame(
		0x22,
		'DirectThankYou',
		record('DirectThankYou', 'The thank-you secret, given directly to the worker as well.', {
			msgId,
			replyId,
			secret: bytes(32),
		}),
	),
	frame(
		0x30,
		'Chat',
		record('Chat', 'A message between customer and worker; repeated until received.', {
			id: hex(16),
			replyId,
			at: u64,
			text: printable(wireLimits.chatBytes),
		}),
	),
	frame(
		0x31,
		'Received',
		record('Received', 'This chat message or job state is kept on this side now.', { id: hex(16) }),
	),
	frame(
		0x32,
		'JobState',
		record(
			'JobState',
			'How the job stands, as one side says.',
			{
				id: hex(16),
				replyId,
				at: u64,
				state: choice({ chosen: 1, declined: 2, done: 3, withdrawn: 4, cancelled: 5 }),
			},
			{ reason: optional(1, printable(wireLimits.reasonBytes)) },
		),
	),
] as const;

/** Frames on a direct link between customer and worker. */
export const directFrames = frameTable(wireVersion, wireLimits.frameBytes, directTypes);
export type DirectFrame = FrameOf<(typeof directTypes)[number]>;
export const directFrameTypes = directTypes;

export type JobCore = ValueOf<typeof jobCore>;
export type InetAddr = ValueOf<typeof inetAddr>;
export type SealedReply = ValueOf<typeof sealedReply>;
