import type { KeeperMessage, TabsPort } from '#lib/app/keeper.ts';

/** Tabs of one browser: a lock with a queue and a channel, as Web Locks and BroadcastChannel behave. */
export function browser() {
	type Waiter = { onelected(): void; onlost(): void };
	let holder: Waiter | undefined;
	const queue: Waiter[] = [];
	const ears = new Map<object, Set<(message: KeeperMessage) => void>>();
	const grant = () => {
		if (holder) return;
		holder = queue.shift();
		holder?.onelected();
	};
	return {
		tab(): TabsPort & { freeze(): void } {
			const me = {};
			let frozen = false;
			const mine = new Set<(message: KeeperMessage) => void>();
			ears.set(me, mine);
			return {
				freeze: () => (frozen = true),
				elect(force, events) {
					const waiter = events;
					if (force) {
						holder?.onlost();
						holder = undefined;
						queue.unshift(waiter);
					} else queue.push(waiter);
					grant();
					return () => {
						if (holder === waiter) {
							holder = undefined;
							grant();
						} else queue.splice(queue.indexOf(waiter), 1);
					};
				},
				post(message) {
					if (frozen) return;
					for (const [tab, listeners] of ears)
						if (tab !== me) for (const listener of listeners) listener(message);
				},
				listen(receive) {
					mine.add(receive);
					return () => mine.delete(receive);
				},
			};
		},
	};
}
