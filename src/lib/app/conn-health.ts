import type { ConnClosed, ConnFactory, IceSettings } from '#lib/webrtc/ports.ts';

/** Why connections do not come to be. */
export type Trouble =
	/** Only TURN relays may be used, and none is configured. */
	| 'relay-only-without-turn'
	/** Gathering finds no address at all: a privacy setting or extension, or a TURN server that does not answer. */
	| 'no-candidates'
	/** Offers are answered, and yet no path is found: UDP is blocked, or both sides are behind symmetric NATs. */
	| 'no-path'
	/** The browser refuses to make connections until it has collected closed ones. */
	| 'exhausted';

/** So many failures in a row, with no connection between them, are no accident. */
const failuresInARow = 3;

/** Watches what becomes of a node's connections. */
export interface ConnHealth {
	/** The same factory, watched. */
	watch(conns: ConnFactory): ConnFactory;
	trouble(ice: IceSettings): Trouble | undefined;
}

export function createConnHealth(onchange: () => void): ConnHealth {
	let failures = 0;
	let last: ConnClosed['code'] | undefined;

	function failed(code: ConnClosed['code']): void {
		// Given up by this node, or by a peer that chose another: says nothing about the network.
		if (code !== 'failed' && code !== 'no-candidates' && code !== 'cannot-construct') return;
		failures = code === last ? failures + 1 : 1;
		last = code;
		onchange();
	}

	return {
		watch: (conns) => ({
			...(conns.configure && { configure: (ice: IceSettings) => conns.configure?.(ice) }),
			create(initiator, events) {
				let opened = false;
				const made = conns.create(initiator, {
					...events,
					onopen(fingerprints) {
						opened = true;
						failures = 0;
						last = undefined;
						events.onopen(fingerprints);
					},
					onclose(closed) {
						if (!opened) failed(closed.code);
						events.onclose(closed);
					},
				});
				if (!made.ok && made.error.code === 'failed') failed('cannot-construct');
				return made;
			},
		}),
		trouble({ iceServers, relayOnly }) {
			if (relayOnly && !iceServers.some(({ urls }) => urls.startsWith('turn')))
				return 'relay-only-without-turn';
			if (last === 'no-candidates') return 'no-candidates';
			if (last === 'cannot-construct') return 'exhausted';
			return failures >= failuresInARow ? 'no-path' : undefined;
		},
	};
}
