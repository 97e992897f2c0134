import type { Topic } from '#lib/core/brand.ts';
import { utf8 } from '#lib/core/bytes.ts';
import { sha256 } from '#lib/core/crypto/hash.ts';
import { compressedKey, publicKey } from '#lib/core/crypto/schnorr.ts';
import type { InetAddr, JobCore } from '#lib/gossip/wire/frames.ts';
import { signJob } from '#lib/gossip/wire/job.ts';
import { jobKeys, offerKeys } from '#lib/gossip/wire/keys.ts';
import { replyIdOf } from '#lib/gossip/wire/thank-you.ts';

/** 32 bytes that depend on a name only: seeds, salts and nonces of people in tests. */
export const bytesOf = (name: string) => sha256(utf8(name));

export const noon = 1_800_000_000_000;

/** A customer's signed job with its keys, the same each time. */
export function customerJob(overrides: Partial<JobCore> = {}, name = 'Alice') {
	const keys = jobKeys(bytesOf(name), bytesOf(`${name}'s job`).slice(0, 16));
	const core: JobCore = {
		topic: '/drive/australia/sydney' as Topic,
		message: 'Two people and a surfboard from Bondi to the airport at six',
		thankYouKey: compressedKey(keys.thankYou),
		replyKey: publicKey(keys.reply),
		createdAt: noon,
		expiresAt: noon + 3_600_000,
		budgetAmount: 45,
		budgetUnit: 'AUD',
		...overrides,
	};
	return { keys, core, ...signJob(core, keys.reply) };
}

/** A worker's keys and address for an offer to `msgId`. */
export function worker(msgId: ReturnType<typeof customerJob>['msgId'], name = 'Bob') {
	const keys = offerKeys(bytesOf(name), msgId, bytesOf(`${name}'s offer`).slice(0, 16));
	const ephemeralKey = compressedKey(keys.ephemeral);
	const inetAddr: InetAddr = {
		key: publicKey(keys.replier),
		relays: ['wss://relay.example', 'ws://127.0.0.1:7777/'],
		secret: '00112233445566778899aabbccddeeff',
	};
	return { keys, ephemeralKey, replyId: replyIdOf(ephemeralKey), inetAddr };
}
