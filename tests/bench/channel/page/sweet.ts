import { Player } from '#lib/app/memes/player.ts';
import { sealsOf } from '#lib/app/memes/desk.ts';
import { systemClock } from '#lib/app/platform/clock.ts';
import { round } from '#lib/channel/channel.ts';
import type { Play, PlayEvent } from '#lib/channel/rounds/play.ts';
import type { ChannelRecord, Kept } from '#lib/channel/rounds/records.ts';
import {
	loadSuggester,
	resumeSuggester,
	stepSuggester,
	suggesterWake,
	type SuggesterEvent,
	type SuggesterPlay,
} from '#lib/channel/rounds/suggester.ts';
import {
	loadUser,
	resumeUser,
	stepUser,
	userWake,
	type UserEvent,
	type UserPlay,
} from '#lib/channel/rounds/user.ts';
import { signDigest } from '#lib/channel/signature.ts';
import { channelId, digest, type Message } from '#lib/channel/typed-data.ts';
import { channelFrames, type ChannelFrame } from '#lib/channel/wire/frames.ts';
import { hex0x } from '#lib/channel/address.ts';
import { openStanding } from '../../../simulation/channel/chain.ts';
import type { Course, Runner } from './contestant.ts';
import { channelOf, domain, pictureOf, reactionTo, secretOf } from './parties.ts';

const transport = hex0x(new Uint8Array(32).fill(7));

/** This protocol, by the machines, player, codec, signatures and store of the app. The person answers at once. */
export function runSweet(course: Course): Runner {
	const channel = channelOf(course.heat);
	const record: ChannelRecord = {
		role: course.role,
		id: channelId(channel),
		domain,
		channel,
		createdAt: systemClock.now(),
		stage: 'open',
		recovering: false,
	};
	const kept: Kept = { record, offers: [], rounds: [], states: [] };
	const player = course.role === 'user' ? userPlayer(course, kept) : suggesterPlayer(course, kept);
	const hear = (event: PlayEvent) => {
		player.dispatch(event);
	};
	hear({ kind: 'chain', standing: openStanding, time: 0 });
	if (course.role === 'suggester') hear({ kind: 'link-up', transport });
	return {
		go: () => {
			hear({ kind: 'link-up', transport });
		},
		take(bytes) {
			const frame = channelFrames.decode(bytes);
			if (!frame.ok) throw new Error(frame.error.detail);
			hear({ kind: 'frame', frame: frame.value });
		},
	};
}

const ports = (course: Course, dispatch: (event: PlayEvent) => void) => ({
	clock: systemClock,
	commit: async (writes: Parameters<Course['disk']['commit']>[0]) => {
		await course.disk.commit(writes);
		return 'done' as const;
	},
	send: (frame: ChannelFrame) => {
		course.send(channelFrames.encode(frame));
	},
	sign: (messages: readonly Message[]) => {
		const secret = secretOf(course.role);
		const signatures = messages.map((message) => signDigest(digest(domain, message), secret));
		dispatch({ kind: 'signed', messages, signatures });
	},
	submit: () => undefined,
	nextPicture: () => undefined,
	wantContent: () => undefined,
	hangUp: (reason: string) => {
		throw new Error(reason);
	},
});

const isOver = (course: Course, { newest }: Play): boolean =>
	newest !== undefined && round(newest.tally) === course.heat.rounds;

function userPlayer(course: Course, kept: Kept): Player<UserPlay, UserEvent> {
	const player: Player<UserPlay, UserEvent> = new Player(
		{
			step: (play, event, now) => stepUser(play, event, now, sealsOf(domain)),
			resume: resumeUser,
			wake: userWake,
		},
		loadUser(kept),
		{
			...ports(course, (event) => {
				player.dispatch(event);
			}),
			changed() {
				if (isOver(course, player.play)) course.done();
			},
			wantContent() {
				const { offer } = player.play;
				if (!offer) return;
				player.dispatch({ kind: 'choose', round: offer.round, reaction: reactionTo(offer.round) });
				player.dispatch({ kind: 'confirm' });
			},
		},
	);
	return player;
}

function suggesterPlayer(course: Course, kept: Kept): Player<SuggesterPlay, SuggesterEvent> {
	const base = ports(course, (event) => {
		player.dispatch(event);
	});
	const player: Player<SuggesterPlay, SuggesterEvent> = new Player(
		{
			step: (play, event, now) => stepSuggester(play, event, now, sealsOf(domain)),
			resume: resumeSuggester,
			wake: suggesterWake,
		},
		loadSuggester(kept),
		{
			...base,
			async commit(writes) {
				await course.disk.commit(writes);
				if (isOver(course, player.play)) course.done();
				return 'done' as const;
			},
			changed: () => undefined,
			nextPicture() {
				const { newest } = player.play;
				const next = newest ? round(newest.tally) + 1 : 1;
				player.dispatch({
					kind: 'picture',
					offer: { sha256: pictureOf(next), size: 1_000, mime: 'image/png' },
				});
			},
		},
	);
	return player;
}
