import type { Address, Word } from '#lib/channel/address.ts';
import type { Channel } from '#lib/channel/channel.ts';
import { parseEndpoint } from '#lib/channel/endpoint.ts';
import { initOf, roundMessage } from '#lib/channel/rounds/play.ts';
import { addressOf, signDigest } from '#lib/channel/signature.ts';
import { channelId, digest, type Message } from '#lib/channel/typed-data.ts';
import type { ChannelFrame } from '#lib/channel/wire/frames.ts';
import { transportOf } from '#lib/channel/wire/transport.ts';
import { secretFrom, type SecretKey } from '#lib/core/crypto/schnorr.ts';
import { systemRandom } from '#lib/app/platform/random.ts';
import { sendAs } from './contest.ts';
import { expect } from './fixtures.ts';
import { must, test } from './memes.ts';
import type { TwinCall } from './twin.ts';

const key = (): SecretKey => secretFrom(systemRandom.bytes(48));
const unplayed = { kind: 'ChannelHello', rewarded: 0, burned: 0 } as const;
const kinds = (frames: readonly ChannelFrame[]) => frames.map(({ kind }) => kind);

test('an init that is old, stolen or for something else is refused with its reason, shows no picture and moves no money', async ({
	scene,
	twin,
	chain,
}) => {
	const { options, account } = await scene();
	const { terms } = await must(chain.reader.listing(account));
	const endpoint = parseEndpoint(terms.url);
	if (!endpoint) throw new Error(`nobody can call ${terms.url}`);
	const caller = twin(options);
	const { domain } = chain.reader;
	const [user] = (await chain.anvil.client.getAddresses()).map((one) => one.toLowerCase() as Address);
	const session = key();
	const mine: Channel = {
		user: user!,
		userKey: addressOf(session),
		suggester: account,
		suggesterKey: terms.key,
		reward: terms.reward,
		userBurn: terms.userBurn,
		suggesterBurn: terms.suggesterBurn,
		bond: terms.bond,
		rounds: 5,
		window: terms.window,
		salt: 1n,
	};
	const sign = (message: Message, secret = session, place = domain) =>
		signDigest(digest(place, message), secret);
	const init = (channel: Channel, transport: Word, said = channel, secret = session): ChannelFrame => ({
		kind: 'Init',
		...domain,
		channel,
		signature: sign(initOf(said, transport), secret),
	});

	const honest = await caller.call(endpoint);
	// On the list by the chain; the studio sees it a moment later.
	await expect
		.poll(() => {
			honest.say({ kind: 'TermsRequest' });
			return kinds(honest.heard);
		})
		.toContain('Terms');
	honest.say({ kind: 'ApproveRequest', ...domain, channel: mine });
	const { id, expiry, signature: approval } = await honest.hears('Approval');
	expect(id).toBe(channelId(mine));
	await sendAs(chain, mine.user, { call: 'open', channel: mine, expiry, approval });
	const good = init(mine, honest.transport);
	honest.say(good);
	await honest.hears('Init');
	honest.say(unplayed);
	const suggestion = await honest.hears('Suggestion');
	const block = await chain.anvil.client.getBlockNumber();
	const asHeard = kinds(honest.heard);

	type Case = readonly [string, (link: TwinCall) => ChannelFrame];
	const stolen: readonly Case[] = [
		['an old one, on a new connection', () => good],
		['for another channel', ({ transport }) => init(mine, transport, { ...mine, salt: 2n })],
		['by another key', ({ transport }) => init(mine, transport, mine, key())],
		[
			'for a link with other certificates, as somebody in the middle has',
			() => init(mine, transportOf(systemRandom.bytes(32), systemRandom.bytes(32))),
		],
	];
	for (const [name, make] of stolen)
		await test.step(name, async () => {
			const link = await caller.call(endpoint);
			expect(link.transport).not.toBe(honest.transport);
			link.say(make(link));
			link.say(unplayed);
			await link.over();
			expect(link.heard).toMatchObject([{ kind: 'ChannelRefuse', code: 'bad-signature' }]);
		});

	const elsewhere = { ...domain, chainId: domain.chainId + 1 };
	const foreign: readonly Case[] = [
		['for another suggester', ({ transport }) => init({ ...mine, suggester: addressOf(key()) }, transport)],
		['for another key', ({ transport }) => init({ ...mine, suggesterKey: addressOf(key()) }, transport)],
		[
			'for another chain',
			({ transport }) => ({
				...{ kind: 'Init', ...elsewhere, channel: mine },
				signature: sign(initOf(mine, transport), session, elsewhere),
			}),
		],
		['for a channel that nobody opened', ({ transport }) => init({ ...mine, salt: 2n }, transport)],
	];
	const link = await caller.call(endpoint);
	for (const [, make] of foreign) {
		link.say(make(link));
		link.say(unplayed);
	}
	// Whatever it would say to the greetings comes before the answer to a later question.
	link.say({ kind: 'TermsRequest' });
	await link.hears('Terms');
	expect(link.heard.map((frame) => (frame.kind === 'ChannelRefuse' ? frame.code : frame.kind))).toEqual([
		...['foreign', 'foreign', 'foreign', 'not-open'],
		'Terms',
	]);

	expect(await chain.anvil.client.getBlockNumber()).toBe(block);
	expect(kinds(honest.heard)).toEqual(asHeard);
	const tally = { rewarded: 1, burned: 0 };
	honest.say({ kind: 'Choice', ...tally, signature: sign(roundMessage(mine, tally)) });
	await expect
		.poll(() => honest.heard.map((frame) => frame.kind === 'Suggestion' && frame.round))
		.toContain(suggestion.round + 1);
});
