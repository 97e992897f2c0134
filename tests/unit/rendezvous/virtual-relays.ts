import type { Clock } from '#lib/core/clock.ts';
import type { NostrEvent } from '#lib/webrtc/rendezvous/nostr/event.ts';
import type { OpenSocket } from '#lib/webrtc/rendezvous/nostr/socket.ts';
import { noFaults } from '../../../network/relay/faults.ts';
import { createSession, type Session } from '../../../network/relay/session.ts';

const travelMs = 5;

/** Relays in virtual time, one for each address; they check no signature, so that a test may make them lie. */
export function virtualRelays(clock: Clock) {
	const relays = new Map<string, { readonly sessions: Set<Session>; readonly events: NostrEvent[] }>();
	const down = new Set<string>();
	const sockets = new Map<string, Set<(reason: string) => void>>();
	const tampering = new Map<string, (event: NostrEvent) => readonly NostrEvent[]>();

	const relayAt = (url: string) => {
		const relay = relays.get(url) ?? { sessions: new Set<Session>(), events: [] };
		relays.set(url, relay);
		return relay;
	};

	const openSocket: OpenSocket = (url, events) => {
		const relay = relayAt(url);
		let open = true;
		const later = (run: () => void) => clock.after(travelMs, () => open && run());
		const session = createSession({
			now: () => clock.now(),
			faults: () => noFaults,
			send: (text) => later(() => events.onmessage(text)),
			publish(event) {
				relay.events.push(event);
				for (const told of (tampering.get(url) ?? ((same) => [same]))(event))
					for (const each of relay.sessions) each.deliver(told);
				return undefined;
			},
			stored: () => [],
		});
		const drop = (reason: string) => {
			if (!open) return;
			open = false;
			relay.sessions.delete(session);
			events.onclose(reason);
		};
		later(() => {
			if (down.has(url)) {
				drop('down');
				return;
			}
			sockets.set(url, (sockets.get(url) ?? new Set()).add(drop));
			relay.sessions.add(session);
			events.onopen();
		});
		return {
			send: (text) => later(() => session.receive(text)),
			close() {
				open = false;
				relay.sessions.delete(session);
			},
		};
	};

	return {
		openSocket,
		/** Every address that was contacted. */
		contacted: () => [...relays.keys()],
		/** Everything this relay was given. */
		eventsAt: (url: string): readonly NostrEvent[] => relayAt(url).events,
		/** A relay that is down drops whoever is connected and lets nobody in. */
		setDown(url: string, isDown: boolean) {
			if (!isDown) {
				down.delete(url);
				return;
			}
			down.add(url);
			for (const drop of sockets.get(url) ?? []) drop('down');
			sockets.delete(url);
		},
		/** Makes a relay deliver something else than what it was given. */
		tamper(url: string, tell: (event: NostrEvent) => readonly NostrEvent[]) {
			tampering.set(url, tell);
		},
	};
}
