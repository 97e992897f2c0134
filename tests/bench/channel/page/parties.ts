import { hex0x, type Address, type Word } from '#lib/channel/address.ts';
import type { Channel } from '#lib/channel/channel.ts';
import { addressOf } from '#lib/channel/signature.ts';
import type { Domain } from '#lib/channel/typed-data.ts';
import { secretFrom, type SecretKey } from '#lib/core/crypto/schnorr.ts';
import type { Heat, Role } from './protocol.ts';

/** Keys of a benchmark: everybody knows them. */
export const secretOf = (role: Role): SecretKey =>
	secretFrom(new Uint8Array(48).fill(role === 'user' ? 11 : 22));

const account = (digit: string): Address => `0x${digit.repeat(40)}` as Address;

export const domain: Domain = { chainId: 31_337, contract: account('e') };

/** The same terms for every contestant. */
export const channelOf = ({ rounds, number }: Heat): Channel => ({
	user: account('1'),
	userKey: addressOf(secretOf('user')),
	suggester: account('3'),
	suggesterKey: addressOf(secretOf('suggester')),
	reward: 100n,
	userBurn: 150n,
	suggesterBurn: 300n,
	bond: 100n,
	rounds,
	window: 600,
	salt: BigInt(number),
});

/** Every third picture is burned. */
export const reactionTo = (round: number): 'reward' | 'burn' => (round % 3 === 0 ? 'burn' : 'reward');

/** Hash of the picture of a round; no picture is sent by any contestant. */
export const pictureOf = (round: number): Word => hex0x(new Uint8Array(32).fill(round & 0xff));
