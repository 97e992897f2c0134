import type { Address } from '../../src/lib/channel/address.ts';
import type { Channel, Tally } from '../../src/lib/channel/channel.ts';
import { signDigest, type Signature } from '../../src/lib/channel/signature.ts';
import { digest, type Domain, type Message } from '../../src/lib/channel/typed-data.ts';
import type { SecretKey } from '../../src/lib/core/crypto/schnorr.ts';
import { actor } from './chain.ts';

/** The people of the chain tests: a wallet each, and the key of each one's tab. */
export const cast = {
	user: actor(0x11),
	userKey: actor(0x12),
	suggester: actor(0x21),
	suggesterKey: actor(0x22),
	/** Anybody: pays for other people's transactions. */
	stranger: actor(0x31),
};

const secrets = { userKey: 0x12, suggesterKey: 0x22 };

export const addressOf = (name: keyof typeof cast): Address => cast[name].address.toLowerCase() as Address;

/** Signs as the tab does: with the pure TypeScript of the app, not with viem. */
export function sign(domain: Domain, message: Message, by: keyof typeof secrets): Signature {
	const secret = new Uint8Array(32).fill(secrets[by]) as SecretKey;
	return signDigest(digest(domain, message), secret);
}

export const both = (domain: Domain, primaryType: 'Round' | 'Close', channel: Channel, tally: Tally) => ({
	user: sign(domain, { primaryType, channel, tally }, 'userKey'),
	suggester: sign(domain, { primaryType, channel, tally }, 'suggesterKey'),
});

/** A plausible channel: 20 suggestions at a tenth of a thousandth of a coin. */
export const channelOf = (salt: bigint, terms: Partial<Channel> = {}): Channel => ({
	user: addressOf('user'),
	userKey: addressOf('userKey'),
	suggester: addressOf('suggester'),
	suggesterKey: addressOf('suggesterKey'),
	reward: 10n ** 14n,
	userBurn: 12n * 10n ** 13n,
	suggesterBurn: 24n * 10n ** 13n,
	bond: 5n * 10n ** 14n,
	rounds: 20,
	window: 86_400,
	salt,
	...terms,
});
