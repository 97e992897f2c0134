import { hashTypedData } from 'viem';
import { describe, expect, test } from 'vitest';
import { parseChannel } from '#lib/channel/channel.ts';
import { split } from '#lib/channel/settlement.ts';
import { recoverSigner, type Signature } from '#lib/channel/signature.ts';
import {
	channelId,
	digest,
	domainSeparator,
	walletRequest,
	type Domain,
	type Message,
} from '#lib/channel/typed-data.ts';
import { toHex } from '#lib/core/bytes.ts';
import vectors from '../../vectors/channel.json' with { type: 'json' };
import { channel, domain } from './fixture.ts';

const hex = (message: Message, where: Domain = domain) => `0x${toHex(digest(where, message))}`;
const word = `0x${'07'.repeat(32)}` as const;
const messages: readonly Message[] = [
	{ primaryType: 'Approval', channel: channel(), expiry: 2_000_000_000 },
	{ primaryType: 'Round', channel: channel(), tally: { rewarded: 3, burned: 2 } },
	{ primaryType: 'Close', channel: channel(), tally: { rewarded: 3, burned: 2 } },
	{ primaryType: 'Init', channel: channel(), transport: word },
	{
		primaryType: 'Offer',
		channel: channel(),
		offer: { round: 4, sha256: word, size: 12_345, mime: 'image/webp' },
	},
];

describe('the committed vectors', () => {
	test('the domain separator', () => {
		expect(domainSeparator(domain)).toBe(vectors.domainSeparator);
	});

	test.each(vectors.cases.map((one, i) => [i, one] as const))('case %i', (_, one) => {
		const parsed = parseChannel(one.channel);
		if (!parsed.ok) throw new Error(parsed.error.detail);
		const parties = { userKey: parsed.value.userKey, suggesterKey: parsed.value.suggesterKey };
		expect(channelId(parsed.value)).toBe(one.id);
		const signable = {
			approval: { primaryType: 'Approval', channel: parsed.value, expiry: vectors.expiry },
			round: { primaryType: 'Round', channel: parsed.value, tally: one.tally },
			close: { primaryType: 'Close', channel: parsed.value, tally: one.tally },
		} as const satisfies Record<string, Message>;
		const hashes = Object.fromEntries(
			Object.entries(signable).map(([name, message]) => [name, hex(message)]),
		);
		expect(hashes).toEqual(one.digests);
		const signer = (message: Message, signature: { r: string; vs: string }) =>
			recoverSigner(digest(domain, message), signature as Signature);
		expect(signer(signable.approval, one.signatures.approval)).toBe(parties.suggesterKey);
		expect(signer(signable.round, one.signatures.userRound)).toBe(parties.userKey);
		expect(signer(signable.round, one.signatures.suggesterRound)).toBe(parties.suggesterKey);
		expect(signer(signable.close, one.signatures.userClose)).toBe(parties.userKey);
		expect(signer(signable.close, one.signatures.suggesterClose)).toBe(parties.suggesterKey);
		const parts = Object.entries(split(parsed.value, one.tally)).map(([name, amount]) => [
			name,
			String(amount),
		]);
		expect(Object.fromEntries(parts)).toEqual(one.split);
	});
});

test.each(messages)('a wallet that is asked to show $primaryType signs the same digest', (message) => {
	expect(hashTypedData(walletRequest(domain, message) as never)).toBe(hex(message));
});

test('no two types, chains, contracts or channels share a digest', () => {
	const round = messages[1] as Message;
	const digests = [
		...messages.map((message) => hex(message)),
		hex(round, { ...domain, chainId: 1 }),
		hex(round, { ...domain, contract: channel().user }),
		hex({ ...round, channel: channel({ salt: 8n }) }),
	];
	expect(new Set(digests).size).toBe(digests.length);
});

test('every field of the channel is in its id', () => {
	const other = {
		user: channel().suggester,
		userKey: channel().suggester,
		suggester: channel().user,
		suggesterKey: channel().user,
		reward: 1n,
		userBurn: 1n,
		suggesterBurn: 1n,
		bond: 1n,
		rounds: 1,
		window: 601,
		salt: 1n,
	};
	const ids = Object.entries(other).map(([field, value]) => channelId(channel({ [field]: value })));
	expect(new Set([...ids, channelId(channel())]).size).toBe(12);
});
