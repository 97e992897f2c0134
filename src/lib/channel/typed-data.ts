import type { Bytes } from '#lib/core/brand.ts';
import { concat, utf8 } from '#lib/core/bytes.ts';
import { hex0x, keccak, knownBytes, type Address, type ChannelId, type Word } from './address.ts';
import type { Channel, Tally } from './channel.ts';

/**
 * EIP-712 types of the protocol, in the form `eth_signTypedData_v4` takes. `Approval`, `Round` and `Close` are
 * checked on chain; `Init` and `Offer` only ever off chain, by the other side.
 */
const typedDataTypes = {
	Channel: [
		{ name: 'user', type: 'address' },
		{ name: 'userKey', type: 'address' },
		{ name: 'suggester', type: 'address' },
		{ name: 'suggesterKey', type: 'address' },
		{ name: 'reward', type: 'uint96' },
		{ name: 'userBurn', type: 'uint96' },
		{ name: 'suggesterBurn', type: 'uint96' },
		{ name: 'bond', type: 'uint96' },
		{ name: 'rounds', type: 'uint32' },
		{ name: 'window', type: 'uint32' },
		{ name: 'salt', type: 'uint64' },
	],
	/** The suggester lets this channel open until `expiry` (Unix seconds). */
	Approval: [
		{ name: 'channel', type: 'Channel' },
		{ name: 'expiry', type: 'uint40' },
	],
	/** A round as both sides know it. */
	Round: [
		{ name: 'channel', type: 'Channel' },
		{ name: 'rewarded', type: 'uint32' },
		{ name: 'burned', type: 'uint32' },
	],
	/** Consent to leave at once with this tally: a type of its own, so that no round can be used as one. */
	Close: [
		{ name: 'channel', type: 'Channel' },
		{ name: 'rewarded', type: 'uint32' },
		{ name: 'burned', type: 'uint32' },
	],
	/** Binds the channel to the link it is played over. */
	Init: [
		{ name: 'channel', type: 'Channel' },
		{ name: 'transport', type: 'bytes32' },
	],
	/** What the suggester shows in a round: content that differs from it is evidence. */
	Offer: [
		{ name: 'channel', type: 'Channel' },
		{ name: 'round', type: 'uint32' },
		{ name: 'sha256', type: 'bytes32' },
		{ name: 'size', type: 'uint32' },
		{ name: 'mime', type: 'string' },
	],
} as const;

type TypeName = keyof typeof typedDataTypes;
type Field = (typeof typedDataTypes)[TypeName][number];

/** Where a signature counts: one contract on one chain. */
export interface Domain {
	readonly chainId: number;
	readonly contract: Address;
}

/** The domain in the form wallets take. */
const walletDomain = ({ chainId, contract }: Domain) =>
	({ name: 'Scorched Earth', version: '1', chainId, verifyingContract: contract }) as const;

/** One signable thing, with the channel it is about. */
export type Message =
	| { readonly primaryType: 'Approval'; readonly channel: Channel; readonly expiry: number }
	| { readonly primaryType: 'Round' | 'Close'; readonly channel: Channel; readonly tally: Tally }
	| { readonly primaryType: 'Init'; readonly channel: Channel; readonly transport: Word }
	| { readonly primaryType: 'Offer'; readonly channel: Channel; readonly offer: Offer };

export interface Offer {
	readonly round: number;
	readonly sha256: Word;
	/** Bytes. */
	readonly size: number;
	readonly mime: string;
}

const describe = (name: TypeName): string =>
	`${name}(${typedDataTypes[name].map((field: Field) => `${field.type} ${field.name}`).join(',')})`;

const typeHash = (name: TypeName): Bytes =>
	keccak(utf8(name === 'Channel' ? describe(name) : describe(name) + describe('Channel')));

const domainTypeHash = keccak(
	utf8('EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)'),
);

function uint(value: bigint | number): Bytes {
	const digits = BigInt(value).toString(16);
	return knownBytes(`0x${digits.padStart(64, '0')}`);
}

const addressWord = (address: Address): Bytes => concat(new Uint8Array(12), knownBytes(address));

/** The struct hash of the channel, which is its id. */
export const channelId = (channel: Channel): ChannelId =>
	hex0x(
		keccak(
			concat(
				typeHash('Channel'),
				addressWord(channel.user),
				addressWord(channel.userKey),
				addressWord(channel.suggester),
				addressWord(channel.suggesterKey),
				uint(channel.reward),
				uint(channel.userBurn),
				uint(channel.suggesterBurn),
				uint(channel.bond),
				uint(channel.rounds),
				uint(channel.window),
				uint(channel.salt),
			),
		),
	) as ChannelId;

export function domainSeparator(domain: Domain): Word {
	const { name, version, chainId } = walletDomain(domain);
	return hex0x(
		keccak(
			concat(
				domainTypeHash,
				keccak(utf8(name)),
				keccak(utf8(version)),
				uint(chainId),
				addressWord(domain.contract),
			),
		),
	);
}

function fields(message: Message): Bytes[] {
	switch (message.primaryType) {
		case 'Approval':
			return [uint(message.expiry)];
		case 'Round':
		case 'Close':
			return [uint(message.tally.rewarded), uint(message.tally.burned)];
		case 'Init':
			return [knownBytes(message.transport)];
		case 'Offer': {
			const { round, sha256, size, mime } = message.offer;
			return [uint(round), knownBytes(sha256), uint(size), keccak(utf8(mime))];
		}
	}
}

/** The 32 bytes a key signs (EIP-712). */
export function digest(domain: Domain, message: Message): Bytes {
	const id = knownBytes(channelId(message.channel));
	const structHash = keccak(concat(typeHash(message.primaryType), id, ...fields(message)));
	return keccak(concat(new Uint8Array([0x19, 0x01]), knownBytes(domainSeparator(domain)), structHash));
}

function values(message: Message): Record<string, unknown> {
	switch (message.primaryType) {
		case 'Approval':
			return { expiry: message.expiry };
		case 'Round':
		case 'Close':
			return { ...message.tally };
		case 'Init':
			return { transport: message.transport };
		case 'Offer':
			return { ...message.offer };
	}
}

/** The same message for a wallet that shows it before it signs (`eth_signTypedData_v4`). */
export const walletRequest = (domain: Domain, message: Message) => ({
	domain: walletDomain(domain),
	types: { [message.primaryType]: typedDataTypes[message.primaryType], Channel: typedDataTypes.Channel },
	primaryType: message.primaryType,
	message: { channel: message.channel, ...values(message) },
});
