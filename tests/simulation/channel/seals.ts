import type { Address, Word } from '#lib/channel/address.ts';
import type { Channel } from '#lib/channel/channel.ts';
import type { Seals } from '#lib/channel/rounds/play.ts';
import type { Signature } from '#lib/channel/signature.ts';
import { channelId, type Domain, type Message } from '#lib/channel/typed-data.ts';

/**
 * Signatures without curve arithmetic: nobody here can make one but by the key's own `signFake`, and what they cover
 * is spelled out. The machines see a port either way.
 */
export function textOf(message: Message): string {
	switch (message.primaryType) {
		case 'Round':
		case 'Close':
			return `${message.primaryType} ${message.tally.rewarded} ${message.tally.burned}`;
		case 'Init':
			return `Init ${message.transport}`;
		case 'Offer':
			return `Offer ${message.offer.round} ${message.offer.sha256} ${message.offer.size} ${message.offer.mime}`;
		case 'Approval':
			return `Approval ${message.expiry}`;
	}
}

export const signFake = (who: Address, message: Message): Signature => ({
	r: who,
	vs: textOf(message) as Word,
});

export const fakeSeals: Seals = {
	signedBy: (who, message, signature) => signature.r === who && signature.vs === textOf(message),
};

const address = (digit: string): Address => `0x${digit.repeat(40)}` as Address;

export const domain: Domain = { chainId: 31_337, contract: address('e') };

export const channelOf = (rounds: number): Channel => ({
	user: address('1'),
	userKey: address('2'),
	suggester: address('3'),
	suggesterKey: address('4'),
	reward: 100n,
	userBurn: 150n,
	suggesterBurn: 300n,
	bond: 100n,
	rounds,
	window: 600,
	salt: 7n,
});

export const idOf = channelId;
