import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { knownBytes } from '#lib/channel/address.ts';
import { addressOf, noSignature, signDigest } from '#lib/channel/signature.ts';
import type { Channel } from '#lib/channel/channel.ts';
import { split, userDeposit } from '#lib/channel/settlement.ts';
import { channelId, digest, type Message } from '#lib/channel/typed-data.ts';
import type { SecretKey } from '#lib/core/crypto/schnorr.ts';
import type { ChainPlace } from '#lib/wallet/evm/chains.ts';
import { createChainReader } from '#lib/wallet/evm/reads.ts';
import { keySender } from '#lib/wallet/evm/sender.ts';
import { submitCall } from '#lib/wallet/evm/submit.ts';
import { createNodeWallet } from '#lib/wallet/evm/wallet.ts';
import { startAnvil, type Anvil } from '../../network/chain/anvil.ts';
import { deployOn, placeOf, playKey } from '../../network/chain/contract.ts';

const keys = {
	user: playKey('user'),
	suggester: playKey('suggester'),
	session: playKey('session'),
	hot: playKey('hot'),
};
const secret = (name: keyof typeof keys) => knownBytes(keys[name]) as SecretKey;
const address = (name: keyof typeof keys) => addressOf(secret(name));

const terms = {
	reward: 10n ** 15n,
	userBurn: 2n * 10n ** 15n,
	suggesterBurn: 4n * 10n ** 15n,
	bond: 10n ** 15n,
	maxRounds: 20,
	window: 600,
	key: address('hot'),
	url: `sweet:${'a'.repeat(64)}`,
};
const channel: Channel = {
	user: address('user'),
	userKey: address('session'),
	suggester: address('suggester'),
	suggesterKey: address('hot'),
	...{ reward: terms.reward, userBurn: terms.userBurn, suggesterBurn: terms.suggesterBurn },
	...{ bond: terms.bond, rounds: 10, window: terms.window, salt: 7n },
};

let anvil: Anvil;
let place: ChainPlace;
beforeAll(async () => {
	const started = await startAnvil({ port: 0, blockTime: 0 });
	if (!started.ok) throw new Error(started.error.detail);
	anvil = started.value;
	place = placeOf(anvil);
	for (const name of ['user', 'suggester'] as const)
		await anvil.client.setBalance({ address: address(name), value: 10n ** 18n });
});
afterAll(() => anvil.stop());

const sign = (message: Message, by: keyof typeof keys) =>
	signDigest(digest({ chainId: place.chainId, contract: place.contract }, message), secret(by));

describe('an empty chain', () => {
	it('is told apart from one that cannot be reached and from another chain', async () => {
		const code = async (there: ChainPlace) => {
			const head = await createChainReader(there).head();
			return head.ok ? 'ok' : head.error.code;
		};
		expect(await code(place)).toBe('no-contract');
		expect(await code({ ...place, rpcs: ['http://127.0.0.1:9'] })).toBe('unreachable');
		expect(await code({ ...place, chainId: 84_532 })).toBe('wrong-chain');
	});
});

describe('a chain with the contract', () => {
	beforeAll(() => deployOn(anvil));

	async function send(who: keyof typeof keys, call: Parameters<typeof submitCall>[2]) {
		const sent = await submitCall(place, keySender(place, keys[who]), call);
		if (!sent.ok) return sent;
		return createChainReader(place).settled(sent.value);
	}

	it('lists whoever advertises, opens and closes a channel, and pays to the wei', async () => {
		const reader = createChainReader(place);
		expect(await reader.suggesterCount()).toEqual({ ok: true, value: 0 });
		expect(await reader.listings(0, 100)).toEqual({ ok: true, value: [] });
		expect((await send('suggester', { call: 'advertise', terms, amount: 10n ** 17n })).ok).toBe(true);
		const listing = {
			suggester: address('suggester'),
			escrow: 10n ** 17n,
			positive: 0n,
			negative: 0n,
			terms,
		};
		expect(await reader.listings(0, 100)).toEqual({ ok: true, value: [listing] });
		expect(await reader.listing(address('suggester'))).toEqual({ ok: true, value: listing });

		const head = await reader.head();
		const expiry = (head.ok ? head.value.time : 0) + 600;
		const approval = sign({ primaryType: 'Approval', channel, expiry }, 'hot');
		expect((await send('user', { call: 'open', channel, expiry, approval })).ok).toBe(true);
		const id = channelId(channel);
		const phases = async () => {
			const standings = await reader.standings([id, `0x${'1'.repeat(64)}` as typeof id]);
			return standings.ok ? standings.value.map(({ phase }) => phase) : standings.error;
		};
		expect(await phases()).toEqual(['open', 'none']);
		expect(await reader.opened(address('user'))).toEqual({ ok: true, value: [channel] });

		const tally = { rewarded: 7, burned: 2 };
		const user = sign({ primaryType: 'Close', channel, tally }, 'session');
		const before = await reader.balance(address('user'));
		const closed = await send('suggester', { call: 'close', channel, tally, user, suggester: noSignature });
		expect(closed.ok).toBe(true);
		const after = await reader.balance(address('user'));
		const parts = split(channel, tally);
		expect((after.ok ? after.value : 0n) - (before.ok ? before.value : 0n)).toBe(parts.user);
		expect(await phases()).toEqual(['closed', 'none']);
		const later = await reader.listing(address('suggester'));
		expect(later).toMatchObject({ ok: true, value: { positive: parts.fee, negative: parts.slashed } });
	});

	it('names what the contract refuses and what the account cannot pay, before anything is sent', async () => {
		const stale = { ...channel, salt: 8n };
		const expiry = 1;
		const approval = sign({ primaryType: 'Approval', channel: stale, expiry }, 'hot');
		const open = { call: 'open', channel: stale, expiry, approval } as const;
		expect(await send('user', open)).toMatchObject({
			ok: false,
			error: { code: 'reverted', reason: 'Expired' },
		});
		const withdraw = { call: 'withdraw', amount: 10n ** 20n, to: address('user') } as const;
		expect(await send('suggester', withdraw)).toMatchObject({
			ok: false,
			error: { code: 'reverted', reason: 'InsufficientEscrow' },
		});
		const rich = { ...channel, salt: 9n, userBurn: userDeposit(channel) * 1_000n };
		expect(await send('user', { call: 'request', channel: rich })).toMatchObject({
			ok: false,
			error: { code: 'no-funds' },
		});
		expect(await send('session', { call: 'deposit', amount: 1n })).toMatchObject({
			ok: false,
			error: { code: 'no-funds' },
		});
	});

	it('signs with the account itself what the channel checks, and for nobody else', async () => {
		const message = { primaryType: 'Round', channel, tally: { rewarded: 1, burned: 0 } } as const;
		const wallet = createNodeWallet(place, keys.user);
		expect(await wallet.sign(message, address('user'))).toEqual({ ok: true, value: sign(message, 'user') });
		const other = address('suggester');
		expect(await wallet.sign(message, other)).toMatchObject({ error: { code: 'no-wallet' } });
		expect(await wallet.submit({ call: 'claim', to: other }, other)).toMatchObject({
			error: { code: 'no-wallet' },
		});
	});

	it('answers through the next endpoint when one is dead or on another chain', async () => {
		const other = await startAnvil({ port: 0, blockTime: 0 });
		if (!other.ok) throw new Error(other.error.detail);
		try {
			await other.value.client.request({ method: 'anvil_setChainId' as never, params: [99] as never });
			const reader = createChainReader({
				...place,
				rpcs: ['http://127.0.0.1:9', other.value.url, anvil.url],
			});
			expect(await reader.suggesterCount()).toEqual({ ok: true, value: 1 });
		} finally {
			other.value.stop();
		}
	});

	it('refuses a standing that two endpoints do not agree on', async () => {
		const liar = await lyingProxy(anvil.url);
		try {
			const { port } = liar.address() as AddressInfo;
			const reader = createChainReader({ ...place, rpcs: [anvil.url, `http://localhost:${port}`] });
			expect(await reader.standings([channelId(channel)])).toMatchObject({
				ok: false,
				error: { code: 'lying' },
			});
		} finally {
			liar.close();
		}
	});

	it('gives up on a transaction that fell out of the pool', async () => {
		const { client } = anvil;
		await client.setAutomine(false);
		try {
			const sent = await submitCall(place, keySender(place, keys.suggester), { call: 'deposit', amount: 5n });
			if (!sent.ok) throw new Error(sent.error.detail);
			await client.dropTransaction({ hash: sent.value });
			const settled = await createChainReader(place, 300).settled(sent.value);
			expect(settled).toMatchObject({ ok: false, error: { code: 'dropped' } });
		} finally {
			await client.setAutomine(true);
		}
	});
});

/** Passes everything on, but shows a closed channel as open. */
function lyingProxy(target: string): Promise<Server> {
	const server = createServer((request, response) => {
		const parts: Buffer[] = [];
		request.on('data', (part: Buffer) => parts.push(part));
		request.on('end', () => {
			void (async () => {
				const asked = JSON.parse(Buffer.concat(parts).toString()) as { id: number; method: string };
				const answer = (await (
					await fetch(target, {
						method: 'POST',
						headers: { 'content-type': 'application/json' },
						body: JSON.stringify(asked),
					})
				).json()) as { result?: string };
				if (asked.method === 'eth_call' && answer.result !== undefined)
					answer.result = answer.result.replace(/0{63}4/, `${'0'.repeat(63)}2`);
				response.setHeader('content-type', 'application/json');
				response.end(JSON.stringify(answer));
			})();
		});
	});
	return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}
