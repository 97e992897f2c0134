import type { Address } from '#lib/channel/address.ts';
import type { Channel } from '#lib/channel/channel.ts';
import { addressOf } from '#lib/channel/signature.ts';
import type { Domain } from '#lib/channel/typed-data.ts';
import type { SecretKey } from '#lib/core/crypto/schnorr.ts';

export const secret = (fill: number): SecretKey => new Uint8Array(32).fill(fill) as SecretKey;

export const domain: Domain = { chainId: 31_337, contract: `0x${'e1'.repeat(20)}` as Address };

const userKey = secret(0x12);
const suggesterKey = secret(0x22);

/** Ten suggestions at 1,000 each. */
export const channel = (terms: Partial<Channel> = {}): Channel => ({
	user: addressOf(secret(0x11)),
	userKey: addressOf(userKey),
	suggester: addressOf(secret(0x21)),
	suggesterKey: addressOf(suggesterKey),
	reward: 1000n,
	userBurn: 1500n,
	suggesterBurn: 3000n,
	bond: 2000n,
	rounds: 10,
	window: 86_400,
	salt: 7n,
	...terms,
});
