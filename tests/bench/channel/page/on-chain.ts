import { hex0x, knownBytes } from '#lib/channel/address.ts';
import { concat, utf8 } from '#lib/core/bytes.ts';
import type { Bytes } from '#lib/core/brand.ts';
import type { Course, Runner } from './contestant.ts';
import { channelOf, pictureOf, reactionTo } from './parties.ts';

/** How often a receipt is asked for, ms. */
const askAgainMs = 5;
/** An account that the chain of the benchmark signs for; its processor time is not the tab's. */
const sender = '0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266';

function connect(url: string) {
	let number = 0;
	const call = async (method: string, params: readonly unknown[]): Promise<unknown> => {
		const response = await fetch(url, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ jsonrpc: '2.0', id: ++number, method, params }),
		});
		const { result, error } = (await response.json()) as { result?: unknown; error?: { message: string } };
		if (error) throw new Error(error.message);
		return result;
	};
	return {
		send: (to: string, value: bigint, data: string) =>
			call('eth_sendTransaction', [
				{ from: sender, to, value: `0x${value.toString(16)}`, data },
			]) as Promise<`0x${string}`>,
		async mined(hash: string): Promise<void> {
			while ((await call('eth_getTransactionReceipt', [hash])) === null)
				await new Promise((resolve) => setTimeout(resolve, askAgainMs));
		},
	};
}

/**
 * The same game with a transaction for each answer, as cheap as one can be: a plain payment to the suggester, or to
 * nobody. The suggester offers the next picture when it sees the payment in a block. Nothing else is signed or kept.
 */
export function runOnChain(course: Course): Runner {
	const chain = connect(course.heat.rpc);
	const channel = channelOf(course.heat);
	let round = 0;
	const fail = (fault: unknown) => {
		throw fault;
	};
	const offer = () => {
		round += 1;
		course.send(concat(utf8('offer'), knownBytes(pictureOf(round))));
	};
	const answer = async () => {
		round += 1;
		const burns = reactionTo(round) === 'burn';
		const hash = await chain.send(
			burns ? `0x${'dead'.padStart(40, '0')}` : channel.suggester,
			burns ? channel.userBurn : channel.reward,
			pictureOf(round),
		);
		await chain.mined(hash);
		course.send(knownBytes(hash));
		if (round === course.heat.rounds) course.done();
	};
	const check = async (bytes: Bytes) => {
		await chain.mined(hex0x(bytes));
		if (round === course.heat.rounds) course.done();
		else offer();
	};
	return {
		go: () => {
			course.send(new Uint8Array([1]));
		},
		take(bytes) {
			if (course.role === 'user') answer().catch(fail);
			else if (bytes.length === 1) offer();
			else check(bytes).catch(fail);
		},
	};
}
