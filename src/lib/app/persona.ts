import type { Clock } from '#lib/core/clock.ts';
import type { OpenPersona } from '#lib/gossip/person/persona.ts';
import type { PersonaRecords } from '#lib/gossip/records.ts';
import type { DamagedRecord, RecordStore, StoreError } from '#lib/store/port.ts';
import { followKeeper, serveFollowers } from './follow.ts';
import { joinElection, type SharedSlice, type TabsPort } from './keeper.ts';
import { isInviteCommand } from './invite-desk.ts';
import type { CommandMessage, FromNode, NetworkView, Slices } from './protocol.ts';

type Answer = Extract<FromNode, { type: 'answer' }>;

export interface PersonaPorts {
	readonly tabs: TabsPort;
	readonly clock: Clock;
	readonly store: Pick<RecordStore, 'takeOver'>;
	/** Tells this tab from the others. */
	readonly me: string;
	/** Executes a command here: only ever called while this tab is the keeper, or for what needs no keeper. */
	execute(message: CommandMessage): Promise<Answer>;
	/** This tab keeps the person's records from now on. Commands wait until it resolves. */
	onkeeper(open: OpenPersona, records: PersonaRecords, damaged: readonly DamagedRecord[]): Promise<void>;
	/** The keeper in another tab shows a slice. */
	onmirror(name: SharedSlice, value: Slices[SharedSlice]): void;
	/** A follower asked to be shown everything. */
	onshow(): void;
	ondeposed(): void;
	onfailure(error: StoreError): void;
}

/** Which tab speaks for the person, and how the others reach it. */
export interface Persona {
	role(): NetworkView['role'];
	/** The keeper's epoch; undefined in a follower, which may then write nothing of the person's. */
	epoch(): number | undefined;
	/** The keeper's slice as last shown, in a follower. */
	mirrored<K extends SharedSlice>(name: K): Slices[K] | undefined;
	/** Shows a slice to the followers, in the keeper. */
	show<K extends SharedSlice>(name: K, value: Slices[K]): void;
	command(message: CommandMessage): Promise<Answer>;
	leave(): void;
}

export function joinPersona(ports: PersonaPorts): Persona {
	const { tabs, clock, store } = ports;
	const mirror: Partial<Record<SharedSlice, Slices[SharedSlice]>> = {};
	let role: NetworkView['role'] = 'undecided';
	let epoch: number | undefined;
	let left = false;
	const hasLeft = () => left;
	let stopServing = () => {};
	let decide = () => {};
	const decided = new Promise<void>((resolve) => (decide = resolve));

	const follower = followKeeper(tabs, clock, ports.me, (name, value) => {
		if (role === 'keeper') return;
		role = 'follower';
		decide();
		mirror[name] = value;
		ports.onmirror(name, value);
	});
	const leaveElection = joinElection(tabs, clock, {
		onelected() {
			becomeKeeper().catch((error: unknown) =>
				ports.onfailure({ type: 'store', code: 'failed', detail: String(error) }),
			);
		},
		ondeposed: () => ports.ondeposed(),
	});

	async function becomeKeeper(): Promise<void> {
		// A follower never needs this half of the engine, so that it is a file of its own.
		const [taken, { openPersona }] = await Promise.all([
			store.takeOver(),
			import('#lib/gossip/person/persona.ts'),
		]);
		if (hasLeft()) return;
		if (!taken.ok) {
			ports.onfailure(taken.error);
			return;
		}
		epoch = taken.value.epoch;
		role = 'keeper';
		follower.stop();
		await ports.onkeeper(openPersona, taken.value.records, taken.value.damaged);
		if (hasLeft()) return;
		stopServing = serveFollowers(
			tabs,
			(message) => ports.execute(message),
			() => ports.onshow(),
		);
		decide();
	}

	return {
		role: () => role,
		epoch: () => epoch,
		mirrored: (name) => (role === 'follower' ? (mirror[name] as Slices[typeof name] | undefined) : undefined),
		show(name, value) {
			if (role === 'keeper') tabs.post({ type: 'slice', name, value });
		},
		async command(message) {
			if (message.name === 'estimate' || isInviteCommand(message)) return ports.execute(message);
			// A click in the first moments waits for the election instead of asking a keeper that is not there yet.
			await decided;
			return role === 'keeper' ? ports.execute(message) : follower.command(message);
		},
		leave() {
			left = true;
			decide();
			follower.stop();
			stopServing();
			leaveElection();
		},
	};
}
