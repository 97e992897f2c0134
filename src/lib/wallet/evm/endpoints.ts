import { createPublicClient, http, type PublicClient } from 'viem';
import type { ChainError } from '#lib/channel/ports.ts';
import { ok, type Result } from '#lib/core/result.ts';
import { viemChain, type ChainPlace } from './chains.ts';
import { chainError, refuse } from './error.ts';

/** How long one endpoint may take to answer before the next is asked, ms. */
const answerWithin = 8_000;

interface Endpoint {
	readonly host: string;
	readonly client: PublicClient;
	/** Whether it serves the chain it is listed for, and the contract is there: asked once, and again after a failure. */
	checked: Promise<Result<null, ChainError>> | undefined;
}

export type Ask<T> = (client: PublicClient) => Promise<T>;

export interface Endpoints {
	/** Asks the first endpoint that answers; what one cannot do, the next may. */
	ask<T>(question: Ask<T>): Promise<Result<T, ChainError>>;
	/**
	 * Asks two of different hosts where there are two, and refuses what they do not agree on. One may be a block
	 * behind the other, so that before it is called a lie both are asked about the same block.
	 */
	agree<T>(
		question: (client: PublicClient, block?: bigint) => Promise<T>,
		same: (one: T, other: T) => boolean,
	): Promise<Result<T, ChainError>>;
}

/** Errors that are about the question, not about who was asked. */
const final: ReadonlySet<ChainError['code']> = new Set(['reverted', 'no-funds', 'dropped']);

/**
 * The endpoints of one chain. None is believed before it has named the right chain and, for whoever asks the
 * contract, shown that it is there.
 */
export function createEndpoints(place: ChainPlace, needs: 'contract' | 'chain'): Endpoints {
	const chain = viemChain(place);
	let list: readonly Endpoint[] = [...new Set(place.rpcs)].map((url) => ({
		host: new URL(url).host,
		client: createPublicClient({ chain, transport: http(url, { timeout: answerWithin, retryCount: 1 }) }),
		checked: undefined,
	}));

	async function check(endpoint: Endpoint): Promise<Result<null, ChainError>> {
		try {
			const [id, code] = await Promise.all([
				endpoint.client.getChainId(),
				endpoint.client.getCode({ address: place.contract }),
			]);
			if (id !== place.chainId)
				return refuse('wrong-chain', `${endpoint.host} serves chain ${id}, not ${place.chainId}`);
			return needs === 'contract' && (code === undefined || code === '0x')
				? refuse('no-contract', `${endpoint.host} knows no contract at ${place.contract}`)
				: ok(null);
		} catch (fault) {
			return { ok: false, error: chainError(fault) };
		}
	}

	async function askOne<T>(endpoint: Endpoint, question: Ask<T>): Promise<Result<T, ChainError>> {
		endpoint.checked ??= check(endpoint);
		const checked = await endpoint.checked;
		if (!checked.ok) {
			endpoint.checked = undefined;
			return checked;
		}
		try {
			return ok(await question(endpoint.client));
		} catch (fault) {
			return { ok: false, error: chainError(fault) };
		}
	}

	async function ask<T>(question: Ask<T>, among = list): Promise<Result<T, ChainError>> {
		let worst: Result<never, ChainError> = refuse('unreachable', 'no endpoint is configured');
		for (const [at, endpoint] of among.entries()) {
			const answer = await askOne(endpoint, question);
			if (answer.ok) {
				// Whoever answered is asked first from now on.
				if (at > 0 && among === list) list = [endpoint, ...list.filter((one) => one !== endpoint)];
				return answer;
			}
			if (final.has(answer.error.code)) return answer;
			// A missing contract says more than a dead endpoint beside it.
			if (worst.error.code === 'unreachable') worst = answer;
		}
		return worst;
	}

	return {
		ask: (question) => ask(question),
		async agree(question, same) {
			const first = await ask(question);
			const [asked] = list;
			if (!first.ok || !asked) return first;
			const others = list.filter(({ host }) => host !== asked.host);
			const second = await ask(question, others);
			// One honest answer is all there is when nobody else can be reached.
			if (!second.ok || same(first.value, second.value)) return first;
			const heads = await Promise.all(
				[[asked], others].map((some) => ask((client) => client.getBlockNumber(), some)),
			);
			const block = heads.map((head) => (head.ok ? head.value : 0n)).reduce((a, b) => (a < b ? a : b));
			const one = await ask((client) => question(client, block), [asked]);
			const other = await ask((client) => question(client, block), others);
			if (one.ok && other.ok && same(one.value, other.value)) return one;
			return refuse('lying', `${asked.host} and another endpoint contradict each other`);
		},
	};
}
