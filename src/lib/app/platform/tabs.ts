import type { KeeperMessage, TabsPort } from '../keeper.ts';

const lockName = 'sweet-gossip:keeper';

/** Web Locks elect, a BroadcastChannel carries messages. */
export function browserTabs(): TabsPort {
	const channel = new BroadcastChannel('sweet-gossip:persona');
	return {
		elect(force, events) {
			const released = new AbortController();
			const hold = () =>
				new Promise<void>((resolve) => {
					released.signal.addEventListener('abort', () => resolve());
					events.onelected();
				});
			// `steal` and `signal` exclude each other: a forced request is granted at once and needs no cancelling.
			const request = force
				? navigator.locks.request(lockName, { steal: true }, hold)
				: navigator.locks.request(lockName, { signal: released.signal }, hold);
			request.catch(() => {
				if (!released.signal.aborted) events.onlost();
			});
			return () => released.abort();
		},
		post: (message) => channel.postMessage(message),
		listen(receive) {
			const listener = (event: MessageEvent<KeeperMessage>) => receive(event.data);
			channel.addEventListener('message', listener);
			return () => channel.removeEventListener('message', listener);
		},
	};
}
