import { concat } from '#lib/core/bytes.ts';
import { WireFault } from '#lib/core/wire/error.ts';
import type { Field } from '#lib/core/wire/field.ts';
import { hex0x, knownBytes, type Address, type Word } from '../address.ts';
import { checkChannel, type Channel } from '../channel.ts';
import type { Signature } from '../signature.ts';

/** Fields of the wire that only channels have. */

const fixed = <T extends `0x${string}`>(length: number): Field<T> => ({
	doc: `${length} B`,
	read: (reader) => hex0x(reader.bytes(length)) as T,
	write(writer, value) {
		const bytes = knownBytes(value);
		if (bytes.length !== length) throw new WireFault('bad-value', `not ${length} bytes`);
		writer.bytes(bytes);
	},
});

export const address = fixed<Address>(20);
export const word = fixed<Word>(32);

function uint(bytes: number): Field<bigint> {
	const limit = 1n << BigInt(8 * bytes);
	return {
		doc: `u${8 * bytes}`,
		read: (reader) => BigInt(hex0x(reader.bytes(bytes))),
		write(writer, value) {
			if (value < 0n || value >= limit) throw new WireFault('bad-value', `${value} is not u${8 * bytes}`);
			writer.bytes(knownBytes(`0x${value.toString(16).padStart(2 * bytes, '0')}`));
		},
	};
}

/** An amount in the smallest unit of the asset. */
export const uint96 = uint(12);
const uint64 = uint(8);

/** Compact secp256k1 signature (EIP-2098). */
export const signature: Field<Signature> = {
	doc: '64 B: r, vs',
	read: (reader) => ({ r: hex0x(reader.bytes(32)), vs: hex0x(reader.bytes(32)) }),
	write(writer, { r, vs }) {
		writer.bytes(concat(knownBytes(r), knownBytes(vs)));
	},
};

/** All parameters of a channel, refused unless the contract would open it. */
export const channel: Field<Channel> = {
	doc: '144 B: user, userKey, suggester, suggesterKey (20 B each), reward, userBurn, suggesterBurn, bond (u96 each), rounds u32, window u32, salt u64',
	read(reader) {
		const read: Channel = {
			user: address.read(reader),
			userKey: address.read(reader),
			suggester: address.read(reader),
			suggesterKey: address.read(reader),
			reward: uint96.read(reader),
			userBurn: uint96.read(reader),
			suggesterBurn: uint96.read(reader),
			bond: uint96.read(reader),
			rounds: reader.u32(),
			window: reader.u32(),
			salt: uint64.read(reader),
		};
		const checked = checkChannel(read);
		if (!checked.ok) throw new WireFault('bad-value', checked.error.detail);
		return read;
	},
	write(writer, value) {
		const checked = checkChannel(value);
		if (!checked.ok) throw new WireFault('bad-value', checked.error.detail);
		for (const who of [value.user, value.userKey, value.suggester, value.suggesterKey])
			address.write(writer, who);
		for (const amount of [value.reward, value.userBurn, value.suggesterBurn, value.bond])
			uint96.write(writer, amount);
		writer.u32(value.rounds);
		writer.u32(value.window);
		uint64.write(writer, value.salt);
	},
};
