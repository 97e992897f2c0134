import type { Bytes, PublicKey } from '#lib/core/brand.ts';
import type { Clock } from '#lib/core/clock.ts';
import { sha256 } from '#lib/core/crypto/hash.ts';
import type { Log } from '#lib/core/log.ts';
import type { Random } from '#lib/core/random.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { hex0x, type ChannelId, type Word } from '#lib/channel/address.ts';
import type { ChainError, ChainReader, Head, Listing, Standing, Wallet } from '#lib/channel/ports.ts';
import type { ChannelRecord, Kept } from '#lib/channel/rounds/records.ts';
import type {
	ChannelRecords,
	ChannelRows,
	ChannelStore,
	ChannelWrite,
	WatchRecord,
} from '#lib/store/channel-port.ts';
import { openChannelRecords } from '#lib/store/channel-records.ts';
import type { StoreError } from '#lib/store/port.ts';
import type { DirectEvents, DirectLinks } from '#lib/webrtc/ports.ts';
import { MemeCalls } from './calls.ts';
import { ChainWatch } from './chain-watch.ts';
import { parseChoice } from './choice.ts';
import { memesCommands } from './commands.ts';
import type { Desk } from './desk.ts';
import { PresenceCheck } from './presence.ts';
import { Studio } from './studio.ts';
import { parseStudio } from './studio-state.ts';
import { Transactions } from './transactions.ts';
import type {
	ChainChoice,
	MemesCommandError,
	MemesCommandName,
	MemesCommands,
	MemesView,
	StudioView,
} from './protocol.ts';
import { UserSeat } from './user-seat.ts';
import { History, suggesterView, takings, userView } from './view.ts';
import { correction } from './watchtower.ts';

export interface MemesDeps {
	readonly clock: Clock;
	readonly random: Random;
	readonly log: Log;
	readonly seed: Bytes;
	readonly store: ChannelRows;
	readonly direct: Pick<DirectLinks, 'call' | 'send' | 'hangUp' | 'listen'>;
	readonly relays: readonly string[];
	/** The keeper's epoch, which every write shows. */
	epoch(): number | undefined;
	readonly chain?: {
		openChain(choice: ChainChoice): Promise<ChainReader>;
		wallet(choice: ChainChoice): Wallet;
	};
	changed(...slices: ('memes' | 'studio')[]): void;
	/** A write failed: nothing that depends on it was done. */
	onstorefailure(error: StoreError): void;
}

export interface MemeLinks {
	opened(call: Parameters<DirectEvents['onopen']>[0]): boolean;
	frame(callId: string, frame: Bytes): boolean;
	closed(callId: string): boolean;
	failed(self: PublicKey): boolean;
	drained(callId: string): void;
}

/** Both roles of suggestion channels in one browser, behind the commands and slices of app/memes/protocol.ts. */
export class Memes {
	readonly desk: Desk;
	readonly users = new Map<ChannelId, UserSeat>();
	readonly studio: Studio;
	readonly #deps: MemesDeps;
	readonly #calls: MemeCalls;
	readonly #watch: ChainWatch;
	readonly #presence: PresenceCheck;
	readonly #history = new History();
	readonly #watches = new Map<ChannelId, WatchRecord>();
	readonly #commands: ReturnType<typeof memesCommands>;
	#choice: ChainChoice | undefined;
	#reader: ChainReader | undefined;
	#wallet: Wallet | undefined;
	#chain: MemesView['chain'] = { state: 'unset' };
	#listings: readonly Listing[] | undefined;
	#standings: ReadonlyMap<ChannelId, Standing> = new Map();
	#stopped = false;

	constructor(deps: MemesDeps, store: ChannelStore, records: ChannelRecords) {
		this.#deps = deps;
		const { clock, random, log, seed, relays } = deps;
		this.#calls = new MemeCalls(deps.direct, clock);
		const transactions = new Transactions({
			clock,
			reader: () => this.#reader,
			wallet: () => this.#wallet,
			onsettled: () => this.desk.look(),
			changed: () => deps.changed('memes', 'studio'),
		});
		this.desk = {
			clock,
			random,
			log,
			seed,
			store,
			relays,
			calls: this.#calls,
			transactions,
			reader: () => this.#reader,
			wallet: () => this.#wallet,
			commit: (writes) => this.#commit(writes),
			look: () => this.#watch.look(),
			changed: (...slices) => deps.changed(...slices),
		};
		this.#watch = new ChainWatch({
			clock,
			reader: () => this.#reader,
			ids: () => this.#openIds(),
			onstandings: (standings, head) => this.#onStandings(standings, head),
			onerror: (error) => this.#onChainError(error),
		});
		this.#presence = new PresenceCheck(this.desk);
		const kept = (record: ChannelRecord): Kept => {
			const of = <T extends { readonly id: string; readonly role: string }>(rows: readonly T[]) =>
				rows.filter(({ id, role }) => id === record.id && role === record.role);
			return { record, offers: of(records.offers), rounds: of(records.rounds), states: of(records.states) };
		};
		this.#history.add(records.offers, records.rounds);
		const value = (name: string) => records.memes.find((one) => one.name === name)?.value;
		this.studio = new Studio(
			this.desk,
			parseStudio(value('studio')),
			records.pictures,
			records.channels.filter(({ role }) => role === 'suggester').map(kept),
		);
		for (const record of records.channels) if (record.role === 'user') this.seat(kept(record));
		for (const watch of records.watches) this.#watches.set(watch.id, watch);
		this.#commands = memesCommands(this);
		const choice = parseChoice(value('chain'));
		if (choice) void this.useChain(choice);
	}

	/** Takes one of the user's channels up. */
	seat(kept: Kept): void {
		this.users.set(kept.record.id, new UserSeat(this.desk, kept));
		this.desk.changed('memes');
		this.desk.look();
	}

	forget(id: ChannelId): void {
		this.users.get(id)?.stop();
		this.users.delete(id);
		this.desk.changed('memes');
	}

	watch(record: WatchRecord): void {
		this.#watches.set(record.id, record);
		this.desk.look();
		this.desk.changed('memes');
	}

	async useChain(choice: ChainChoice): Promise<void> {
		this.#choice = choice;
		this.#chain = { choice, state: 'reading' };
		this.#reader = undefined;
		this.#listings = undefined;
		this.desk.changed('memes', 'studio');
		const { chain } = this.#deps;
		if (!chain) {
			this.#onChainError({ type: 'chain', code: 'unreachable', detail: 'this node reads no chain' });
			return;
		}
		const reader = await chain.openChain(choice);
		if (this.#stopped || this.#choice !== choice) return;
		this.#reader = reader;
		this.#wallet = chain.wallet(choice);
		this.#watch.look();
		await this.studio.look();
	}

	/** Reads the whole list, then asks who is there. False without a chain. */
	async browse(): Promise<boolean> {
		const reader = this.#reader;
		if (!reader) return false;
		const count = await reader.suggesterCount();
		if (!count.ok) {
			this.#onChainError(count.error);
			return true;
		}
		const page = 100;
		const all: Listing[] = [];
		for (let from = 0; from < Math.min(count.value, 2_000); from += page) {
			const listings = await reader.listings(from, page);
			if (!listings.ok) {
				this.#onChainError(listings.error);
				return true;
			}
			all.push(...listings.value);
		}
		this.#listings = all;
		this.desk.changed('memes');
		this.#presence.ask(all);
		return true;
	}

	/** A picture by its hash, checked against it. */
	async picture(hash: Word): Promise<Result<{ bytes: Bytes; mime: string }, MemesCommandError>> {
		const kept = await this.desk.store.content(hash);
		const refuse = (code: MemesCommandError['code'], detail: string) =>
			err({ type: 'command', code, detail } as const);
		if (!kept.ok) return refuse('storage', kept.error.detail);
		if (!kept.value) return refuse('not-found', 'that picture is not kept here');
		if (hex0x(sha256(kept.value.bytes)) !== hash) return refuse('bad-picture', 'its bytes were changed');
		return ok({ bytes: kept.value.bytes, mime: kept.value.mime });
	}

	command<K extends MemesCommandName>(
		name: K,
		args: MemesCommands[K]['args'],
	): Promise<Result<MemesCommands[K]['answer'], MemesCommandError>> {
		return Promise.resolve(this.#commands[name](args));
	}

	/** Events of the node's direct links; false for those of another half. */
	readonly links: MemeLinks = {
		opened: (call) => this.#calls.opened(call),
		frame: (callId, frame) => this.#calls.frame(callId, frame),
		closed: (callId) => this.#calls.closed(callId),
		failed: (self) => this.#calls.failed(self),
		drained: (callId) => this.#calls.drained(callId),
	};

	visible(visible: boolean): void {
		this.#watch.visible(visible);
		if (visible) for (const seat of this.users.values()) seat.pursue(true);
	}

	view(): MemesView {
		const { transactions } = this.desk;
		const claim = transactions.view('claim');
		return {
			chain: this.#chain,
			...(claim ? { claim } : {}),
			...(this.#listings
				? { suggesters: this.#listings.map((one) => ({ ...one, ...this.#presence.of(one) })) }
				: {}),
			channels: [...this.users.values()]
				.map((seat) => userView(seat, this.#history, transactions.view(seat.play.record.id)))
				.sort((a, b) => b.createdAt - a.createdAt),
			watching: [...this.#watches.values()].map(({ id, tally }) => {
				const standing = this.#standings.get(id);
				return { id, tally, ...(standing ? { standing } : {}) };
			}),
		};
	}

	studioView(): StudioView {
		const { studio, desk } = this;
		const { account, paused, limits } = studio.state;
		const transaction = desk.transactions.view('studio');
		const sessions = [...studio.seats.values()]
			.map((seat) => suggesterView(seat, this.#history, desk.transactions.view(seat.play.record.id)))
			.sort((a, b) => b.createdAt - a.createdAt);
		const answers = sessions.flatMap(({ history }) => history);
		return {
			...(account === undefined ? {} : { account }),
			key: studio.key,
			url: studio.url,
			...(studio.listing ? { listing: studio.listing } : {}),
			foreignKey: studio.listing !== undefined && studio.listing.terms.key !== studio.key,
			paused,
			limits,
			pictures: [...studio.pictures.values()].map((picture) => {
				const about = answers.filter(({ sha256: hash }) => hash === picture.sha256);
				return {
					...picture,
					shown: [...studio.seats.values()].filter(({ shown }) => shown.has(picture.sha256)).length,
					rewarded: about.filter(({ kind }) => kind === 'reward').length,
					burned: about.filter(({ kind }) => kind === 'burn').length,
				};
			}),
			sessions: sessions.filter(({ state }) => state !== 'requested'),
			requests: sessions.filter(({ state }) => state === 'requested'),
			...takings(studio.seats.values(), account),
			...(transaction ? { transaction } : {}),
			log: studio.log,
		};
	}

	stop(): void {
		this.#stopped = true;
		this.#watch.stop();
		for (const seat of this.users.values()) seat.stop();
		this.studio.stop();
		this.#calls.stop();
	}

	async #commit(writes: readonly ChannelWrite[]): Promise<'done' | 'taken' | 'failed'> {
		const result = await this.desk.store.commit(writes, this.#deps.epoch());
		if (result.ok) {
			for (const write of writes) {
				if (write.op === 'delete') continue;
				if (write.table === 'offers') this.#history.add([write.value], []);
				if (write.table === 'rounds') this.#history.add([], [write.value]);
			}
			return 'done';
		}
		if (result.error.code === 'taken') return 'taken';
		this.#deps.onstorefailure({ ...result.error, code: result.error.code });
		return 'failed';
	}

	#openIds(): ChannelId[] {
		const mine = [...this.users.values(), ...this.studio.seats.values()]
			.map(({ play }) => play.record)
			.filter(({ stage }) => stage !== 'closed' && stage !== 'cancelled');
		return [...new Set([...mine.map(({ id }) => id), ...this.#watches.keys()])];
	}

	#onStandings(standings: ReadonlyMap<ChannelId, Standing>, head: Head): void {
		const { choice } = this.#chain;
		this.#chain = { ...(choice ? { choice } : {}), state: 'ready', head };
		this.#standings = standings;
		for (const seat of [...this.users.values(), ...this.studio.seats.values()]) {
			const standing = standings.get(seat.play.record.id);
			if (!standing) continue;
			seat.dispatch({ kind: 'chain', standing, time: head.time });
		}
		for (const watch of this.#watches.values()) {
			const standing = standings.get(watch.id);
			const call = standing && correction(watch, standing, head.time);
			if (call) this.desk.transactions.submit(`watch ${watch.id}`, call, watch.from, true);
		}
		void this.studio.look();
		this.desk.changed('memes', 'studio');
	}

	#onChainError(error: ChainError): void {
		const { choice, head } = this.#chain;
		this.#chain = { ...(choice ? { choice } : {}), ...(head ? { head } : {}), state: 'failed', error };
		this.#deps.log('warn', 'memes', `chain: ${error.code} ${error.detail}`);
		this.desk.changed('memes');
	}
}

/** Loads what is kept and starts both roles. Only the keeper tab does. */
export async function startMemes(deps: MemesDeps): Promise<Result<Memes, StoreError>> {
	const store = openChannelRecords(deps.store);
	const loaded = await store.load();
	if (!loaded.ok) return loaded;
	for (const { table, key, detail } of loaded.value.damaged)
		deps.log('error', 'store', `${table} ${key} is damaged and left aside: ${detail}`);
	return ok(new Memes(deps, store, loaded.value.records));
}
