import type { Clock } from '#lib/core/clock.ts';
import type { CommandMessage, FromNode, Slices } from './protocol.ts';

/**
 * Several tabs of one browser share one person's jobs and offers, and exactly one tab, the keeper, writes them.
 * The others follow: they show the keeper's slices and pass it their commands. Each tab is a peer of its own all
 * the same.
 */
export type KeeperMessage =
	| { readonly type: 'alive' }
	/** A new follower asks for the current slices. */
	| { readonly type: 'show' }
	| { readonly type: 'slice'; readonly name: SharedSlice; readonly value: Slices[SharedSlice] }
	| { readonly type: 'command'; readonly from: string; readonly message: CommandMessage }
	/**
	 * Everything this browser kept is gone, locked or replaced: whoever still holds some of it, the person's seed
	 * too, starts anew.
	 */
	| { readonly type: 'forget'; readonly why: 'erased' | 'locked' | 'restored' }
	| { readonly type: 'answer'; readonly to: string; readonly message: Extract<FromNode, { type: 'answer' }> };

export type SharedSlice = Exclude<keyof Slices, 'network'>;

/** How tabs of one browser talk and elect; Node has a port with a single tab. */
export interface TabsPort {
	/** Holds the keeper's lock from `onelected` until the returned function is called or another tab takes it by force. */
	elect(force: boolean, events: { onelected(): void; onlost(): void }): () => void;
	post(message: KeeperMessage): void;
	listen(receive: (message: KeeperMessage) => void): () => void;
}

/** How often the keeper shows that it runs, and how long a silent one is believed to be frozen, ms. */
const aliveEvery = 1_000;
const frozenAfter = 6_000;

export interface ElectionEvents {
	onelected(): void;
	/** Another tab took over: this one must write nothing more. */
	ondeposed(): void;
}

/**
 * Waits for the keeper's lock. A keeper whose tab the system froze never lets go, so a follower that hears nothing
 * from it for a while takes the lock by force; the store's epoch keeps the old one from writing when it wakes.
 */
export function joinElection(tabs: TabsPort, clock: Clock, events: ElectionEvents): () => void {
	let role: 'waiting' | 'keeper' | 'stopped' = 'waiting';
	let cancelTimer = () => {};

	const on = {
		onelected() {
			if (role !== 'waiting') return;
			role = 'keeper';
			cancelTimer();
			beat();
			events.onelected();
		},
		onlost() {
			if (role !== 'keeper') return;
			role = 'stopped';
			cancelTimer();
			events.ondeposed();
		},
	};
	const releases: (() => void)[] = [];

	function beat(): void {
		tabs.post({ type: 'alive' });
		cancelTimer = clock.after(aliveEvery, beat);
	}
	function watch(): void {
		cancelTimer();
		cancelTimer = clock.after(frozenAfter, () => {
			if (role === 'waiting') releases.push(tabs.elect(true, on));
		});
	}
	const unlisten = tabs.listen((message) => {
		if (role === 'waiting' && message.type === 'alive') watch();
	});
	watch();
	releases.push(tabs.elect(false, on));

	return () => {
		role = 'stopped';
		cancelTimer();
		unlisten();
		for (const release of releases) release();
	};
}

/** The only tab there is: a headless peer. */
export const singleTab: TabsPort = {
	elect(_force, events) {
		queueMicrotask(() => events.onelected());
		return () => {};
	},
	post: () => {},
	listen: () => () => {},
};
