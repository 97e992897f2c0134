import { err, ok, type Result } from '#lib/core/result.ts';
import { sha256 } from '#lib/core/crypto/hash.ts';
import { hex0x, type Address } from '#lib/channel/address.ts';
import { channelToJson, checkChannel, type Channel, type Party } from '#lib/channel/channel.ts';
import { parseEndpoint } from '#lib/channel/endpoint.ts';
import { burnerKey, sessionKey } from '#lib/channel/keys.ts';
import type { ChainCall, Terms } from '#lib/channel/ports.ts';
import { affirmOf, challengeOf, closeOf, contestOf, finishOf } from '#lib/channel/rounds/dispute.ts';
import type { Play } from '#lib/channel/rounds/play.ts';
import type { ChannelRecord } from '#lib/channel/rounds/records.ts';
import { undoMs } from '#lib/channel/rounds/user.ts';
import { addressOf } from '#lib/channel/signature.ts';
import { channelId } from '#lib/channel/typed-data.ts';
import { pictureLimits, wireLimits } from '#lib/channel/wire/limits.ts';
import { utf8 } from '#lib/core/bytes.ts';
import type { Memes } from './memes.ts';
import { mimeOf } from './picture.ts';
import { parseLimits } from './studio-state.ts';
import type { MemesCommandError, MemesCommandName, MemesCommands, OpenRequest } from './protocol.ts';
import { parseWatch, watchBlob } from './watchtower.ts';

type Answer<K extends MemesCommandName> = Result<MemesCommands[K]['answer'], MemesCommandError>;
type Handlers = {
	readonly [K in MemesCommandName]: (args: MemesCommands[K]['args']) => Promise<Answer<K>> | Answer<K>;
};

const refuse = (code: MemesCommandError['code'], detail: string) =>
	err({ type: 'command', code, detail } as const);
const done = ok(null);

/** What a person may do, as the page asks for it. Long steps go on after the answer; the slices show them. */
export function memesCommands(memes: Memes): Handlers {
	const { desk, studio } = memes;
	const notFound = refuse('not-found', 'there is no such channel');
	const seatOf = (role: Party, id: ChannelRecord['id']) =>
		role === 'user' ? memes.users.get(id) : studio.seats.get(id);

	/** Submits what the standing of a channel allows, or says that it allows nothing. */
	const act =
		(callOf: (play: Play) => ChainCall | undefined) =>
		({ id, role }: { readonly id: ChannelRecord['id']; readonly role: Party }) => {
			const seat = seatOf(role, id);
			if (!seat) return notFound;
			const call = callOf(seat.play);
			if (!call)
				return seat.play.record.recovering
					? refuse('recovering', 'data was lost: only leaving by agreement is safe')
					: refuse('wrong-state', 'the channel does not stand so');
			return seat.submit(call, false) ? done : refuse('wrong-state', 'a transaction is on its way');
		};

	const stored = (outcome: 'done' | 'taken' | 'failed') =>
		outcome === 'done' ? done : refuse('storage', 'it could not be written to disk');

	return {
		async useChain(choice) {
			const kept = await desk.commit([
				{ op: 'put', table: 'memes', value: { name: 'chain', value: choice } },
			]);
			if (kept !== 'done') return stored(kept);
			await memes.useChain(choice);
			return done;
		},
		async browse() {
			return (await memes.browse()) ? done : refuse('no-chain', 'no chain is set');
		},
		openChannel: (request) => openChannel(memes, request),
		async retryOpen({ id, onChain }) {
			const seat = memes.users.get(id);
			if (!seat) return notFound;
			const { channel, stage } = seat.play.record;
			if (stage !== 'approving' && stage !== 'opening') return refuse('wrong-state', stage);
			if (onChain) seat.submit({ call: 'request', channel }, false);
			else seat.open();
			return Promise.resolve(done);
		},
		async abandon({ id }) {
			const seat = memes.users.get(id);
			if (!seat) return notFound;
			const { stage, channel } = seat.play.record;
			if (stage === 'requested') {
				seat.submit({ call: 'cancel', channel }, false);
				return done;
			}
			const transaction = desk.transactions.view(id);
			if (stage === 'open' || transaction?.state === 'sent' || transaction?.state === 'asking')
				return refuse('wrong-state', 'the deposit is on its way or in the channel');
			const gone = await desk.commit([{ op: 'delete', table: 'channels', key: ['user', id] }]);
			if (gone === 'done') memes.forget(id);
			return stored(gone);
		},
		chooseReaction({ id, round, kind, reason }) {
			const seat = memes.users.get(id);
			if (!seat) return notFound;
			if (reason !== undefined && utf8(reason).length > wireLimits.reason)
				return refuse('too-long', `a reason of over ${wireLimits.reason} bytes`);
			const { offer } = seat.play;
			if (offer?.mismatch && kind === 'reward')
				return refuse('wrong-state', 'what came is not what was offered');
			const said = reason?.normalize('NFC').trim();
			seat.dispatch({ kind: 'choose', round, reaction: kind, ...(said ? { reason: said } : {}) });
			const { choosing } = seat.play;
			return choosing
				? ok({ until: choosing.until })
				: refuse(seat.play.record.recovering ? 'recovering' : 'wrong-state', 'there is nothing to answer');
		},
		undoReaction({ id }) {
			const seat = memes.users.get(id);
			if (!seat?.play.choosing) return refuse('wrong-state', `after ${undoMs / 1_000} s it is signed`);
			seat.dispatch({ kind: 'undo' });
			return done;
		},
		confirmReaction({ id }) {
			const seat = memes.users.get(id);
			if (!seat?.play.choosing) return refuse('wrong-state', 'nothing was chosen');
			seat.dispatch({ kind: 'confirm' });
			return done;
		},
		reconnect({ id }) {
			const seat = memes.users.get(id);
			if (!seat) return notFound;
			seat.pursue(true);
			return done;
		},
		leaveChannel({ id, role }) {
			const seat = seatOf(role, id);
			if (!seat) return notFound;
			if (seat.play.record.stage !== 'open') return refuse('wrong-state', seat.play.record.stage);
			seat.dispatch({ kind: 'leave' });
			return done;
		},
		contest({ id, role }) {
			const seat = seatOf(role, id);
			if (!seat) return notFound;
			if (seat.play.record.recovering)
				return refuse('recovering', 'data was lost: only leaving by agreement is safe');
			if (!contestOf(seat.play) || ('answered' in seat.play && seat.play.answered))
				return refuse('wrong-state', 'the channel does not stand so');
			seat.dispatch({ kind: 'contest' });
			return done;
		},
		challenge: act(challengeOf),
		affirm: act(affirmOf),
		finish: act(finishOf),
		submitClose: act(closeOf),
		burnerKey: () => ok({ key: hex0x(burnerKey(desk.seed)) }),
		claimOwed({ account }) {
			const sent = desk.transactions.submit('claim', { call: 'claim', to: account }, account, false);
			return sent ? done : refuse('wrong-state', 'a transaction is on its way');
		},
		channelPicture: ({ sha256: hash }) => memes.picture(hash),
		async exportChannel({ id, role }) {
			const loaded = await desk.store.load();
			if (!loaded.ok) return refuse('storage', loaded.error.detail);
			const { channels, offers, rounds, states } = loaded.value.records;
			const record = channels.find((row) => row.id === id && row.role === role);
			if (!record) return notFound;
			const of = <T extends { readonly id: string; readonly role: Party }>(rows: readonly T[]) =>
				rows.filter((row) => row.id === id && row.role === role);
			const told = { ...record, channel: channelToJson(record.channel) };
			return ok({
				json: JSON.stringify(
					{ ...told, offers: of(offers), rounds: of(rounds), states: of(states) },
					null,
					2,
				),
			});
		},
		watchBlob({ id, role }) {
			const seat = seatOf(role, id);
			const blob = seat && watchBlob(seat.play);
			return blob ? ok({ blob }) : refuse('not-found', 'nothing was played yet');
		},
		async watchChannel({ blob, from }) {
			const watch = parseWatch(blob, from, desk.clock.now());
			if (!watch.ok) return refuse('bad-blob', watch.error);
			const kept = await desk.commit([{ op: 'put', table: 'watches', value: watch.value }]);
			if (kept !== 'done') return refuse('storage', 'it could not be written to disk');
			memes.watch(watch.value);
			return ok({ id: watch.value.id });
		},

		async setUpStudio({ account }) {
			if (!(await studio.save({ account }))) return refuse('storage', 'it could not be written to disk');
			await studio.look();
			return done;
		},
		advertise({ terms, amount }) {
			const full: Terms = { ...terms, key: studio.key, url: studio.url };
			if (full.reward > full.userBurn) return refuse('bad-terms', 'burning would be cheaper than rewarding');
			return studio.submit({ call: 'advertise', terms: full, amount })
				? done
				: refuse('wrong-state', 'no account, or a transaction is on its way');
		},
		depositEscrow: ({ amount }) =>
			studio.submit({ call: 'deposit', amount })
				? done
				: refuse('wrong-state', 'a transaction is on its way'),
		withdrawEscrow({ amount }) {
			const { account } = studio.state;
			const sent = account !== undefined && studio.submit({ call: 'withdraw', amount, to: account });
			return sent ? done : refuse('wrong-state', 'no account, or a transaction is on its way');
		},
		async setLimits(limits) {
			const saved = await studio.save({ limits: parseLimits(limits) });
			return saved ? done : refuse('storage', 'it could not be written to disk');
		},
		async pauseStudio({ paused }) {
			return (await studio.save({ paused })) ? done : refuse('storage', 'it could not be written to disk');
		},
		async addPicture({ name, bytes }) {
			const mime = mimeOf(bytes);
			if (!mime) return refuse('bad-picture', 'no JPEG, PNG, WebP, GIF or AVIF');
			if (bytes.length > pictureLimits.bytes) return refuse('too-long', 'over 1 MiB');
			const hash = hex0x(sha256(bytes));
			const picture = {
				sha256: hash,
				mime,
				size: bytes.length,
				name: name.slice(0, 120),
				addedAt: desk.clock.now(),
			};
			const kept = await desk.commit([
				{ op: 'put', table: 'contents', value: { sha256: hash, mime, bytes } },
				{ op: 'put', table: 'pictures', value: picture },
			]);
			if (kept !== 'done') return refuse('storage', 'it could not be written to disk');
			studio.pictures.set(hash, picture);
			studio.stocked();
			return ok({ sha256: hash });
		},
		async removePicture({ sha256: hash }) {
			// The bytes stay: an offer that is open still has to show them.
			const gone = await desk.commit([{ op: 'delete', table: 'pictures', key: hash }]);
			if (gone === 'done') studio.pictures.delete(hash);
			desk.changed('studio');
			return stored(gone);
		},
		studioPicture: ({ sha256: hash }) => memes.picture(hash),
		approveRequests({ ids }) {
			const channels = ids.flatMap((id) => {
				const record = studio.seats.get(id)?.play.record;
				return record?.stage === 'requested' ? [record.channel] : [];
			});
			if (channels.length === 0) return refuse('not-found', 'none of them waits');
			return studio.submit({ call: 'approve', channels })
				? done
				: refuse('wrong-state', 'a transaction is on its way');
		},
	};
}

/** Makes a channel of what the person saw and asks the suggester for its approval. */
async function openChannel(memes: Memes, request: OpenRequest): Promise<Answer<'openChannel'>> {
	const { desk } = memes;
	const reader = desk.reader();
	if (!reader) return refuse('no-chain', 'no chain is set');
	const { expected, suggester, user, rounds, confirmEachRound } = request;
	const endpoint = parseEndpoint(expected.url);
	const salt = new DataView(desk.random.bytes(8).buffer).getBigUint64(0);
	const userKey: Address = confirmEachRound ? user : addressOf(sessionKey(desk.seed, reader.domain, salt));
	const { reward, userBurn, suggesterBurn, bond, window, key: suggesterKey } = expected;
	const channel: Channel = {
		user,
		userKey,
		suggester,
		suggesterKey,
		reward,
		userBurn,
		suggesterBurn,
		bond,
		rounds,
		window,
		salt,
	};
	if (rounds > expected.maxRounds) return refuse('bad-terms', 'more rounds than the suggester offers');
	const checked = checkChannel(channel);
	if (!checked.ok) return refuse('bad-terms', checked.error.detail);
	const record: ChannelRecord = {
		role: 'user',
		id: channelId(channel),
		domain: reader.domain,
		channel,
		createdAt: desk.clock.now(),
		stage: 'approving',
		recovering: false,
		...(endpoint ? { endpoint } : {}),
	};
	const kept = await desk.commit([{ op: 'put', table: 'channels', value: record }]);
	if (kept !== 'done') return refuse('storage', 'it could not be written to disk');
	memes.seat({ record, offers: [], rounds: [], states: [] });
	return ok({ id: record.id });
}
