import fc, { type Arbitrary } from 'fast-check';
import type { Hex, MsgId, PublicKey, ReplyId, Topic } from '#lib/core/brand.ts';
import { toHex } from '#lib/core/bytes.ts';
import type { DirectFrame, InetAddr, JobCore, MeshFrame, SealedReply } from '#lib/gossip/wire/frames.ts';
import { refusals, type RefusalCode } from '#lib/gossip/wire/frames.ts';
import { wireLimits } from '#lib/gossip/limits.ts';

const bytes = (length: number) =>
	fc.uint8Array({ minLength: length, maxLength: length }).map((value) => new Uint8Array(value));
const varBytes = (maxLength: number) => fc.uint8Array({ maxLength }).map((value) => new Uint8Array(value));
const hex = <T extends Hex>(length: number) => bytes(length).map((value) => toHex(value) as T);
const u8 = fc.nat(0xff);
const u16 = fc.nat(0xffff);
const u32 = fc.nat(0xffff_ffff);
const u64 = fc.maxSafeNat();
const some = <T>(value: Arbitrary<T>) => fc.option(value, { nil: undefined });

/** Text as the protocol allows it, of any script. */
const prose = (maxLength: number) =>
	fc
		.string({ unit: 'binary', maxLength: Math.floor(maxLength / 8) })
		.map((text) => text.normalize('NFC').replace(/(?![\t\n])\p{Cc}/gu, ''))
		.filter((text) => text === text.normalize('NFC'));

const segment = fc
	.string({
		unit: fc.constantFrom(...Array.from('abcdefghijklmnopqrstuvwxyz0123456789-äéñжщ東京서울उ𠀀')),
		minLength: 1,
		maxLength: 8,
	})
	.map((text) => text.normalize('NFC'));

/** Canonical topics, `/` included. */
export const topics: Arbitrary<Topic> = fc
	.array(segment, { maxLength: wireLimits.topicDepth })
	.map((segments) => `/${segments.join('/')}` as Topic)
	.filter((topic) => new TextEncoder().encode(topic).length <= wireLimits.topicBytes);

const msgId = hex<MsgId>(32);
const replyId = hex<ReplyId>(16);
const key = hex<PublicKey>(32);
const unit = fc.constantFrom('sat', 'EUR', 'AUD', 'x');
const schemeName = fc.constantFrom('sha256', 'equix', 'x-1');
const favour = { favourNumber: hex(8), favourTimestamp: u64 };
const invoice = fc.string({
	unit: fc.constantFrom(...Array.from('lnbc0123456789')),
	maxLength: wireLimits.invoiceBytes,
});
const address = fc.constantFrom('me@example.com', 'worker@wallet.example');

/** A record without the keys whose value is undefined: a frame has a field or has it not. */
function record<T>(shape: { [K in keyof T]: Arbitrary<T[K] | undefined> }): Arbitrary<T> {
	const whole = fc.record<Record<string, unknown>>(shape);
	return whole.map(
		(value) => Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as T,
	);
}

export const jobCores: Arbitrary<JobCore> = record<JobCore>({
	topic: topics,
	message: prose(wireLimits.messageBytes),
	thankYouKey: bytes(33),
	replyKey: key,
	createdAt: u64,
	expiresAt: u64,
	budgetAmount: some(u64),
	budgetUnit: some(unit),
});

export const inetAddrs: Arbitrary<InetAddr> = fc.record({
	key,
	relays: fc.array(
		fc.constantFrom('wss://relay.example', 'wss://r.example:444/nostr', 'ws://127.0.0.1:7777'),
		{
			maxLength: wireLimits.relays,
		},
	),
	secret: hex(16),
});

export const sealedReplies: Arbitrary<SealedReply> = record<SealedReply>({
	msgId,
	core: varBytes(600),
	reply: prose(wireLimits.replyBytes),
	replierKey: key,
	inetAddr: varBytes(300),
	signature: bytes(64),
	priceAmount: some(u64),
	priceUnit: some(unit),
});

type Shapes<F extends { readonly kind: string }> = {
	readonly [K in F['kind']]: Arbitrary<Extract<F, { kind: K }>>;
};

const kind = <const K extends string>(name: K) => fc.constant(name);

const mesh: Shapes<MeshFrame> = {
	Hello: record({
		kind: kind('Hello'),
		capabilities: u32,
		interests: fc.array(topics, { maxLength: wireLimits.interests }),
	}),
	AskForFavour: record({
		kind: kind('AskForFavour'),
		askId: u32,
		topic: topics,
		size: u16,
		shortId: hex(8),
		powSchemes: some(fc.array(schemeName, { maxLength: wireLimits.powSchemes })),
	}),
	AskForFavourReply: record({
		kind: kind('AskForFavourReply'),
		askId: u32,
		...favour,
		validForMs: u32,
		powScheme: some(schemeName),
		powComplexity: some(u64),
		lightningAddress: some(address),
		priceMsat: some(u64),
		invoice: some(invoice),
	}),
	Refuse: record({
		kind: kind('Refuse'),
		ref: varBytes(16),
		code: fc.constantFrom(...(Object.keys(refusals) as RefusalCode[])),
		retryAfterMs: u32,
	}),
	Broadcast: record({
		kind: kind('Broadcast'),
		...favour,
		complexity: u64,
		proof: varBytes(wireLimits.proofBytes),
		ttl: fc.integer({ min: 1, max: wireLimits.ttl }),
		core: varBytes(800),
		signature: bytes(64),
		replyLightningAddress: some(address),
		replyPriceMsat: some(u64),
		lockCltv: some(u16),
		powScheme: some(schemeName),
		replyDeadline: some(u64),
	}),
	Have: record({ kind: kind('Have'), shortId: hex(8) }),
	ReplyRequest: record({
		kind: kind('ReplyRequest'),
		msgId,
		ephemeralKey: bytes(33),
		paymentHash: bytes(32),
		hops: u8.map((hops) => hops % (2 * wireLimits.ttl + 1)),
		sealed: varBytes(2_200),
		lockMsat: some(u64),
		invoice: some(invoice),
	}),
	ReplyInvoice: record({ kind: kind('ReplyInvoice'), replyId, invoice, payBy: u64 }),
	ThankYou: record({ kind: kind('ThankYou'), msgId, replyId, secret: bytes(32) }),
	CancelJob: record({
		kind: kind('CancelJob'),
		msgId,
		at: u64,
		reason: prose(wireLimits.reasonBytes),
		signature: bytes(64),
	}),
};

const direct: Shapes<DirectFrame> = {
	Validate: record({
		kind: kind('Validate'),
		msgId,
		replyId,
		coreDigest: bytes(32),
		replyDigest: bytes(32),
		challenge: bytes(16),
	}),
	Ack: record({
		kind: kind('Ack'),
		replyId,
		verdict: fc.constantFrom('ok', 'job-differs', 'offer-differs', 'unknown-offer', 'withdrawn'),
		signature: bytes(64),
	}),
	DirectThankYou: record({ kind: kind('DirectThankYou'), msgId, replyId, secret: bytes(32) }),
	Chat: record({ kind: kind('Chat'), id: hex(16), replyId, at: u64, text: prose(wireLimits.chatBytes) }),
	Received: record({ kind: kind('Received'), id: hex(16) }),
	JobState: record({
		kind: kind('JobState'),
		id: hex(16),
		replyId,
		at: u64,
		state: fc.constantFrom('chosen', 'declined', 'done', 'withdrawn', 'cancelled'),
		reason: some(prose(wireLimits.reasonBytes)),
	}),
};

/** Any frame that may stand on a mesh link, each kind as likely as another. */
export const meshFrameArbitraries = mesh;
export const anyMeshFrame: Arbitrary<MeshFrame> = fc.oneof(...Object.values(mesh));
/** Any frame that may stand on a direct link. */
export const directFrameArbitraries = direct;
export const anyDirectFrame: Arbitrary<DirectFrame> = fc.oneof(...Object.values(direct));
