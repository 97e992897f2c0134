import { encodeAbiParameters } from 'viem';
import { hex0x, keccak, knownBytes, type Address, type Word } from '#lib/channel/address.ts';
import type { Channel, Tally } from '#lib/channel/channel.ts';
import { split } from '#lib/channel/settlement.ts';
import type { Bytes } from '#lib/core/brand.ts';
import { concat, utf8 } from '#lib/core/bytes.ts';

/** A state of a Nitro channel (nitro-protocol), for this game. */
export interface NitroState {
	readonly turn: number;
	readonly tally: Tally;
	/** The picture on offer in this turn; none once it is answered. */
	readonly picture: Word;
}

const nobody: Address = `0x${'0'.repeat(40)}` as Address;
const burner: Address = `0x${'dead'.padStart(40, '0')}` as Address;
const app: Address = `0x${'a'.repeat(40)}` as Address;

const destination = (who: Address): Word => `0x${who.slice(2).padStart(64, '0')}`;

/** `NitroUtils.getChannelId`: hash of the fixed part. */
export const nitroChannelId = ({ userKey, suggesterKey, salt, window }: Channel): Word =>
	hex0x(
		keccak(
			knownBytes(
				encodeAbiParameters(
					[{ type: 'address[]' }, { type: 'uint64' }, { type: 'address' }, { type: 'uint48' }],
					[[suggesterKey, userKey], salt, app, window],
				),
			),
		),
	);

const stateTypes = [
	{ type: 'bytes32' },
	{ type: 'bytes' },
	{
		type: 'tuple[]',
		components: [
			{ name: 'asset', type: 'address' },
			{
				name: 'assetMetadata',
				type: 'tuple',
				components: [
					{ name: 'assetType', type: 'uint8' },
					{ name: 'metadata', type: 'bytes' },
				],
			},
			{
				name: 'allocations',
				type: 'tuple[]',
				components: [
					{ name: 'destination', type: 'bytes32' },
					{ name: 'amount', type: 'uint256' },
					{ name: 'allocationType', type: 'uint8' },
					{ name: 'metadata', type: 'bytes' },
				],
			},
		],
	},
	{ type: 'uint48' },
	{ type: 'bool' },
] as const;

const appTypes = [{ type: 'uint32' }, { type: 'uint32' }, { type: 'bytes32' }] as const;

/** What `NitroUtils.hashState` hashes: the whole state, with where every coin goes. */
export function encodeState(channel: Channel, id: Word, { turn, tally, picture }: NitroState): Bytes {
	const parts = split(channel, tally);
	const allocation = (who: Address, amount: bigint) =>
		({ destination: destination(who), amount, allocationType: 0, metadata: '0x' }) as const;
	const outcome = {
		asset: nobody,
		assetMetadata: { assetType: 0, metadata: '0x' },
		allocations: [
			allocation(channel.user, parts.user),
			allocation(channel.suggester, parts.escrow),
			allocation(burner, parts.burned),
		],
	} as const;
	const appData = encodeAbiParameters(appTypes, [tally.rewarded, tally.burned, picture]);
	return knownBytes(encodeAbiParameters(stateTypes, [id, appData, [outcome], turn, false]));
}

/** What is signed: the state's hash as a wallet's message (EIP-191), as `NitroUtils.recoverSigner` wants it. */
export const nitroDigest = (encoded: Bytes): Bytes =>
	keccak(concat(utf8('\u0019Ethereum Signed Message:\n32'), keccak(encoded)));
