import type { Bytes, MsgId, PublicKey } from '#lib/core/brand.ts';
import { equalBytes, hexBytes } from '#lib/core/bytes.ts';
import { taggedHash } from '#lib/core/crypto/hash.ts';
import { conversationKey, decrypt, encrypt } from '#lib/core/crypto/nip44.ts';
import { compressedKey, publicKey, sign, type SecretKey, type Verifier } from '#lib/core/crypto/schnorr.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { decodeRecord, encodeRecord } from '#lib/core/wire/record.ts';
import { inetAddr, offerTerms, sealedReply, type InetAddr, type SealedReply } from './frames.ts';
import { wireLimits } from '../limits.ts';
import { msgIdOf } from './job.ts';

export interface ReplyError {
	readonly type: 'reply';
	readonly code: 'not-readable' | 'bad-padding' | 'malformed' | 'wrong-job' | 'bad-signature' | 'bad-address';
	readonly detail: string;
}

const refuse = (code: ReplyError['code'], detail: string) => err({ type: 'reply', code, detail } as const);

type Offer = Pick<SealedReply, 'reply' | 'priceAmount' | 'priceUnit' | 'inetAddr'>;

/** Digest of what the worker offers, as a Validate frame repeats it: text, price and address. */
export const replyDigestOf = ({ reply, priceAmount, priceUnit, inetAddr: address }: Offer): Bytes =>
	taggedHash(
		'sweet/1/offer',
		encodeRecord(offerTerms, {
			reply,
			inetAddr: address,
			...(priceAmount === undefined ? {} : { priceAmount }),
			...(priceUnit === undefined ? {} : { priceUnit }),
		}),
	);

/** What the replier signs: this offer, to this job, under this ephemeral key. */
const replyHash = (msgId: MsgId, ephemeralKey: Uint8Array, offer: Offer): Bytes =>
	taggedHash('sweet/1/reply', hexBytes(msgId), ephemeralKey, replyDigestOf(offer));

export interface ReplyToSeal {
	/** The whole original job, by which the customer sees that nobody altered it on the way. */
	readonly coreBytes: Bytes;
	readonly msgId: MsgId;
	/** The job's reply key; its signature was checked, so it is a curve point. */
	readonly replyKey: PublicKey;
	readonly reply: string;
	readonly price?: { readonly amount: number; readonly unit: string };
	readonly inetAddr: InetAddr;
	readonly ephemeral: SecretKey;
	readonly replier: SecretKey;
	/** 32 fresh random bytes. */
	readonly nonce: Bytes;
}

/** A signed reply that only the customer can read, of one of the fixed sizes. */
export function sealReply(input: ReplyToSeal): Bytes {
	const key = conversationKey(input.ephemeral, input.replyKey);
	if (!key) throw new Error('the reply key of a checked job is a curve point');
	const offer = {
		reply: input.reply,
		inetAddr: encodeRecord(inetAddr, input.inetAddr),
		...(input.price ? { priceAmount: input.price.amount, priceUnit: input.price.unit } : {}),
	};
	const plain = encodeRecord(sealedReply, {
		...offer,
		msgId: input.msgId,
		core: input.coreBytes,
		replierKey: publicKey(input.replier),
		signature: sign(replyHash(input.msgId, compressedKey(input.ephemeral), offer), input.replier),
	});
	return encrypt(pad(plain), key, input.nonce);
}

/** u16 length, content, zeros up to the smallest fixed size that holds it. */
function pad(content: Bytes): Bytes {
	const size = wireLimits.sealedSizes.find((candidate) => candidate >= content.length + 2);
	if (size === undefined) throw new Error(`a reply of ${content.length} bytes fits no size`);
	const padded = new Uint8Array(size);
	new DataView(padded.buffer).setUint16(0, content.length);
	padded.set(content, 2);
	return padded;
}

function unpad(padded: Bytes): Bytes | undefined {
	if (!wireLimits.sealedSizes.some((size) => size === padded.length)) return undefined;
	const end = 2 + new DataView(padded.buffer).getUint16(0);
	if (end > padded.length || padded.subarray(end).some((byte) => byte !== 0)) return undefined;
	return padded.slice(2, end);
}

export interface ReplyToOpen {
	readonly sealed: Uint8Array;
	/** The replier's ephemeral key from the ReplyRequest, 33 bytes. */
	readonly ephemeralKey: Uint8Array;
	/** The job's reply secret. */
	readonly replySecret: SecretKey;
	readonly msgId: MsgId;
	readonly coreBytes: Uint8Array;
	readonly verifier: Verifier;
}

/** A reply whose every promise was checked; its address is parsed. */
export type OpenedReply = Omit<SealedReply, 'inetAddr'> & { readonly inetAddr: InetAddr };

/** Opens a reply to my job: unseals, compares the original message, checks the replier's signature. */
export function openReply(input: ReplyToOpen): Result<OpenedReply, ReplyError> {
	const { sealed, ephemeralKey, replySecret, msgId, coreBytes, verifier } = input;
	const key = conversationKey(replySecret, ephemeralKey);
	if (!key) return refuse('not-readable', 'the ephemeral key is no curve point');
	const padded = decrypt(sealed, key);
	if (!padded.ok)
		return padded.error.code === 'bad-padding'
			? refuse('bad-padding', padded.error.detail)
			: refuse('not-readable', padded.error.detail);
	const plain = unpad(padded.value);
	if (!plain) return refuse('bad-padding', `${padded.value.length} bytes`);
	const parsed = decodeRecord(sealedReply, plain);
	if (!parsed.ok) return refuse('malformed', `${parsed.error.code}: ${parsed.error.detail}`);
	const reply = parsed.value;
	if (reply.msgId !== msgId) return refuse('wrong-job', `a reply to ${reply.msgId}`);
	if (!equalBytes(reply.core, coreBytes))
		return refuse('wrong-job', `the worker saw other text, ${msgIdOf(reply.core)}`);
	if (!verifier(reply.signature, replyHash(msgId, ephemeralKey, reply), reply.replierKey))
		return refuse('bad-signature', `not by ${reply.replierKey}`);
	const address = decodeRecord(inetAddr, reply.inetAddr);
	if (!address.ok) return refuse('bad-address', address.error.detail);
	return ok({ ...reply, inetAddr: address.value });
}
