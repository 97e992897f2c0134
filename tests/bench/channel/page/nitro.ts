import { hex0x, type Word } from '#lib/channel/address.ts';
import { after, noTally } from '#lib/channel/rounds/play.ts';
import { recoverSigner, signDigest, type Signature } from '#lib/channel/signature.ts';
import type { Bytes } from '#lib/core/brand.ts';
import { concat, equalBytes, hexBytes } from '#lib/core/bytes.ts';
import type { Channel } from '#lib/channel/channel.ts';
import type { Course, Runner } from './contestant.ts';
import { encodeState, nitroChannelId, nitroDigest, type NitroState } from './nitro-state.ts';
import { channelOf, pictureOf, reactionTo, secretOf } from './parties.ts';

const answered: Word = `0x${'0'.repeat(64)}`;
const signatureBytes = 64;
const hello = new Uint8Array([1]);

const toBytes = ({ r, vs }: Signature): Bytes => concat(hexBytes(r.slice(2)), hexBytes(vs.slice(2)));
const fromBytes = (bytes: Uint8Array): Signature => ({
	r: hex0x(bytes.subarray(0, 32)),
	vs: hex0x(bytes.subarray(32, 64)),
});

/**
 * A Nitro channel for the same game: turn by turn, each turn the whole state, signed by its mover. Odd turns offer a
 * picture, even ones answer it. With `countersigned` the suggester signs each answered state as well, so that it stands
 * alone with two signatures, and the signature travels with the next offer; without, an answer stands by the signed
 * offer before it. What is signed and what is received is on disk before anything is sent.
 */
export function runNitro(course: Course, countersigned: boolean): Runner {
	const channel = channelOf(course.heat);
	return course.role === 'suggester'
		? suggesterSide(course, channel, countersigned)
		: userSide(course, channel, countersigned);
}

function coder(course: Course, channel: Channel) {
	const id = nitroChannelId(channel);
	const secret = secretOf(course.role);
	const other = course.role === 'user' ? channel.suggesterKey : channel.userKey;
	return {
		encode: (state: NitroState) => encodeState(channel, id, state),
		sign: (encoded: Bytes) => toBytes(signDigest(nitroDigest(encoded), secret)),
		/** Throws for a signature of anybody else: nobody cheats here. */
		check: (encoded: Bytes, signature: Uint8Array): void => {
			if (recoverSigner(nitroDigest(encoded), fromBytes(signature)) !== other)
				throw new Error('a wrong signature');
		},
		keep: (turn: number, row: Readonly<Record<string, Bytes>>) =>
			course.disk.keep(`nitro ${course.heat.number} ${course.role} ${turn}`, row),
	};
}

const run = (work: Promise<void>) => {
	work.catch((fault: unknown) => {
		throw fault;
	});
};

function suggesterSide(course: Course, channel: Channel, countersigned: boolean): Runner {
	const { encode, sign, check, keep } = coder(course, channel);
	let state: NitroState = { turn: 0, tally: noTally, picture: answered };
	async function offer(signature: Bytes): Promise<void> {
		state = { ...state, turn: state.turn + 1, picture: pictureOf((state.turn + 2) / 2) };
		const encoded = encode(state);
		const mine = sign(encoded);
		await keep(state.turn, { encoded, mine });
		course.send(concat(mine, signature, encoded));
	}
	async function take(bytes: Bytes): Promise<void> {
		const signature = bytes.subarray(0, signatureBytes);
		const encoded = bytes.slice(signatureBytes);
		const next = (['reward', 'burn'] as const)
			.map((kind) => ({ turn: state.turn + 1, tally: after(state.tally, kind), picture: answered }))
			.find((candidate) => equalBytes(encode(candidate), encoded));
		if (!next) throw new Error('no answer to the offer');
		check(encoded, signature);
		const mine = countersigned ? sign(encoded) : new Uint8Array(0);
		state = next;
		await keep(next.turn, { encoded, signature: signature.slice(), mine });
		if (next.turn === 2 * course.heat.rounds) course.done();
		else await offer(mine);
	}
	return {
		go: () => undefined,
		take: (bytes) => {
			run(bytes.length === hello.length ? offer(new Uint8Array(0)) : take(bytes));
		},
	};
}

function userSide(course: Course, channel: Channel, countersigned: boolean): Runner {
	const { encode, sign, check, keep } = coder(course, channel);
	let state: NitroState = { turn: 0, tally: noTally, picture: answered };
	let newest = new Uint8Array(0);
	async function take(bytes: Bytes): Promise<void> {
		const round = state.turn / 2 + 1;
		const two = countersigned && state.turn > 0;
		const signature = bytes.subarray(0, signatureBytes);
		const encoded = bytes.slice(two ? 2 * signatureBytes : signatureBytes);
		const offered = { ...state, turn: state.turn + 1, picture: pictureOf(round) };
		if (!equalBytes(encode(offered), encoded)) throw new Error('no offer that follows');
		check(encoded, signature);
		const theirs = two ? bytes.slice(signatureBytes, 2 * signatureBytes) : new Uint8Array(0);
		if (two) check(newest, theirs);
		await keep(offered.turn, { encoded, signature: signature.slice(), theirs });
		state = {
			turn: offered.turn + 1,
			tally: after(offered.tally, reactionTo(round)),
			picture: answered,
		};
		newest = encode(state);
		const mine = sign(newest);
		await keep(state.turn, { encoded: newest, mine });
		course.send(concat(mine, newest));
		if (round === course.heat.rounds) course.done();
	}
	return {
		go: () => {
			course.send(hello);
		},
		take: (bytes) => {
			run(take(bytes));
		},
	};
}
