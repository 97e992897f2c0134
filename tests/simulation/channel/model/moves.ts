import type { Word } from '#lib/channel/address.ts';
import type { Channel, Party } from '#lib/channel/channel.ts';
import type { Reaction } from '#lib/channel/rounds/records.ts';
import type { ChannelFrame } from '#lib/channel/wire/frames.ts';
import { openStanding } from '../chain.ts';
import { SimSuggester, SimUser, type Bug, type World } from '../party.ts';
import { countedWrongly, overwritten, sentEarly, signedWrongly } from './safety.ts';
import type { ModelState, SideState, StateNames } from './state.ts';

export interface ModelBounds {
	readonly channel: Channel;
	/** Different frames on their way to one side at once; one more takes the place of any. */
	readonly inFlight: number;
	/** Effects that may wait before the side must work. */
	readonly waiting: number;
	/** Whether either side may want to leave. */
	readonly leaving: boolean;
	readonly bug: Bug | undefined;
}

/**
 * What is checked by default: frames are lost, doubled and overtaken, links break, either side crashes before or after
 * each write and may leave at any time. Left to chance (../run.ts) are old backups, contests, and what comes while a
 * side is still at the effects of the event before.
 */
export const modelBounds = { inFlight: 2, waiting: 1, leaving: true } as const;

export interface Move {
	readonly name: string;
	readonly next: ModelState;
	readonly unsafe: string | undefined;
	/** What a world in which everything works would do now: the first such move. */
	readonly calm: boolean;
}

const word = (number: number): Word => `0x${number.toString(16).padStart(64, '0')}`;

/** The world of one step: it goes on from a state, and gives the one after. */
class StepWorld implements World {
	readonly channel: Channel;
	readonly bug: Bug | undefined;
	readonly now = 0;
	readonly dice: { below(sides: number): number };
	readonly observer: World['observer'];
	readonly user: SimUser;
	readonly suggester: SimSuggester;
	readonly #names: StateNames;
	readonly #bounds: ModelBounds;
	readonly #before: ModelState;
	#state: ModelState;
	#unsafe: string | undefined;

	constructor(state: ModelState, bounds: ModelBounds, names: StateNames, dice: number) {
		this.#names = names;
		this.channel = bounds.channel;
		this.bug = bounds.bug;
		this.#bounds = bounds;
		this.#state = state;
		this.dice = { below: () => dice };
		this.#before = state;
		this.observer = {
			acknowledged: new Map(),
			signed: (by, message) => void (this.#unsafe ??= signedWrongly(by, message, this[by].disk)),
		};
		this.user = new SimUser(this, state.user.disk);
		this.user.resume(state.user.disk, state.user.play, state.user.queue);
		this.suggester = new SimSuggester(this, state.suggester.disk);
		this.suggester.resume(state.suggester.disk, state.suggester.play, state.suggester.queue);
	}

	send(from: Party, frame: ChannelFrame): void {
		this.#unsafe ??= sentEarly(frame, this[from].disk);
		if (!this.#state.up) return;
		const to = from === 'user' ? 'toSuggester' : 'toUser';
		const text = this.#names.text(frame);
		const others = this.#state[to].filter((other) => this.#names.text(other) !== text);
		this.#state = { ...this.#state, [to]: [...others, frame].slice(-this.#bounds.inFlight) };
	}

	submit(): void {
		this.#state = { ...this.#state, closed: true };
	}

	hangUp(): void {
		this.cut();
	}

	/** Always the same: whether an offer was written before it was signed is looked at when it is signed. */
	fresh(): Word {
		return word(1);
	}

	cut(): void {
		this.#state = { ...this.#state, up: false, toUser: [], toSuggester: [] };
		this.user.dispatch({ kind: 'link-down' });
		this.suggester.dispatch({ kind: 'link-down' });
	}

	connect(): void {
		this.#state = { ...this.#state, up: true };
		const transport = word(2);
		this.suggester.dispatch({ kind: 'link-up', transport });
		this.user.dispatch({ kind: 'link-up', transport });
	}

	deliver(to: Party, index: number, again: boolean): void {
		const name = to === 'user' ? 'toUser' : 'toSuggester';
		const frame = this.#state[name][index];
		if (!frame) return;
		if (!again) this.lose(to, index);
		if (to === 'user') this.user.dispatch({ kind: 'frame', frame });
		else this.suggester.dispatch({ kind: 'frame', frame });
	}

	lose(to: Party, index: number): void {
		const name = to === 'user' ? 'toUser' : 'toSuggester';
		this.#state = { ...this.#state, [name]: this.#state[name].filter((_, at) => at !== index) };
	}

	outcome(): Pick<Move, 'next' | 'unsafe'> {
		const next: ModelState = {
			...this.#state,
			user: sameOr(this.#before.user, this.user),
			suggester: sameOr(this.#before.suggester, this.suggester),
		};
		const changed = (['user', 'suggester'] as const)
			.map((who) => overwritten(this.#before[who].disk, next[who].disk))
			.find((problem) => problem !== undefined);
		return { next, unsafe: this.#unsafe ?? changed ?? countedWrongly(next) };
	}
}

/** A side as it was, where nothing happened to it. */
function sameOr<P>(
	before: SideState<P>,
	{
		disk,
		play,
		waiting: queue,
	}: Pick<SideState<P>, 'disk' | 'play'> & { readonly waiting: SideState<P>['queue'] },
): SideState<P> {
	const isSame = disk === before.disk && play === before.play && queue.length + before.queue.length === 0;
	return isSame ? before : { disk, play, queue };
}

/**
 * Everything that may happen next. While a side has effects to execute, only what concerns that side happens: what the
 * other does meanwhile touches nothing of it but by frames, whose arrival may be any time later anyway.
 */
export function movesFrom(state: ModelState, bounds: ModelBounds, names: StateNames): Move[] {
	const moves: Move[] = [];
	const add = (name: string, calm: boolean, act: (world: StepWorld) => void, dice = 1) => {
		const world = new StepWorld(state, bounds, names, dice);
		act(world);
		moves.push({ name, calm: calm && !moves.some((move) => move.calm), ...world.outcome() });
	};
	const busy: Party | undefined =
		state.user.queue.length > 0 ? 'user' : state.suggester.queue.length > 0 ? 'suggester' : undefined;
	if (busy) {
		const [head] = state[busy].queue;
		add(`${busy} does ${head?.kind ?? ''}`, true, (world) => world[busy].work());
		if (head?.kind === 'next-picture') add('no picture is left', false, (world) => world.suggester.work(), 0);
		crash(busy, head?.kind === 'commit');
	}
	if (!busy || state[busy].queue.length < bounds.waiting) {
		for (const to of ['suggester', 'user'] as const) if (!busy || busy === to) arrive(to);
		if (!busy || busy === 'user') person();
		if (!busy || busy === 'suggester') server();
		for (const who of ['user', 'suggester'] as const) if (!busy || busy === who) look(who);
		for (const who of ['user', 'suggester'] as const) if (!busy || busy === who) repeat(who);
	}
	if (!busy) {
		if (state.up) add('the link breaks', false, (world) => world.cut());
		else add('a link opens', true, (world) => world.connect());
		crash('user', false);
		crash('suggester', false);
	}
	return moves;

	function crash(who: Party, writing: boolean): void {
		const act = (world: StepWorld) => {
			world.cut();
			world[who].crash();
		};
		add(`the ${who} crashes`, false, act, 1);
		if (writing) add(`the ${who} crashes, written`, false, act, 0);
	}

	function arrive(to: Party): void {
		const frames = to === 'user' ? state.toUser : state.toSuggester;
		for (const [index, { kind }] of frames.entries()) {
			add(`${kind} comes to the ${to}`, true, (world) => world.deliver(to, index, false));
			add(`${kind} comes to the ${to}, and once more`, false, (world) => world.deliver(to, index, true));
			add(`${kind} to the ${to} is lost`, false, (world) => world.lose(to, index));
		}
	}

	function person(): void {
		const { offer, choosing, answered, record } = state.user.play;
		if (offer && !choosing && !answered) {
			const react = (reaction: Reaction) => (world: StepWorld) =>
				world.user.dispatch({ kind: 'choose', round: offer.round, reaction });
			const ready = record.leaving === undefined;
			add('the person rewards', ready, react('reward'));
			add('the person burns', false, react('burn'));
		}
		if (choosing) {
			add('the time to undo is over', true, (world) => world.user.dispatch({ kind: 'confirm' }));
			add('the person undoes it', false, (world) => world.user.dispatch({ kind: 'undo' }));
		}
		if (bounds.leaving && !record.leaving?.agreed)
			add('the user leaves', record.leaving !== undefined, (world) => world.user.dispatch({ kind: 'leave' }));
	}

	/** Once after each start. Until then a side does not know whether the channel is still open. */
	function look(who: Party): void {
		if (state[who].play.chain) return;
		add(`the ${who} reads the chain`, true, (world) => {
			world[who].dispatch({ kind: 'chain', standing: openStanding, time: 0 });
		});
	}

	function repeat(who: Party): void {
		if (state[who].play.again === undefined) return;
		add(`the ${who} says it again`, state.up, (world) => wake(world, who));
	}

	function server(): void {
		const { queue, record } = state.suggester.play;
		if (queue === 'out')
			add('pictures come', true, (world) => world.suggester.dispatch({ kind: 'pictures' }));
		if (bounds.leaving && !record.leaving)
			add('the suggester leaves', false, (world) => world.suggester.dispatch({ kind: 'leave' }));
	}
}

function wake(world: StepWorld, who: Party): void {
	const side = world[who];
	// Whatever time that was: it has come.
	side.resume(side.disk, { ...side.play, again: 0 } as never, side.waiting);
	side.dispatch({ kind: 'wake' } as never);
}
