import type { Millis, PublicKey } from '#lib/core/brand.ts';
import { toHex } from '#lib/core/bytes.ts';
import type { Clock } from '#lib/core/clock.ts';
import type { Verifier } from '#lib/core/crypto/schnorr.ts';
import { Lateness } from '#lib/core/lateness.ts';
import type { Log } from '#lib/core/log.ts';
import { randomInt, type Random } from '#lib/core/random.ts';
import type { Identity, Rendezvous, RendezvousEvents } from '../ports.ts';
import { createIntake } from './intake.ts';
import { clockSkewMs, dayOf, daysHeard, meetingPoint, nextChange, shard } from './meeting-point.ts';
import { signEvent, type NostrEvent } from './nostr/event.ts';
import { connectRelay, type RelayConnection } from './nostr/relay-connection.ts';
import type { OpenSocket } from './nostr/socket.ts';
import { BoundedMap } from '#lib/core/bounded-map.ts';
import { eventKinds, joinFrames, type SealedMessage } from './records.ts';
import { createSealer } from './seal.ts';

/** A relay nobody needs is left after this long, ms. */
export const restAfterMs = 30_000;

/** How many relays are used at once, how many of them should work, and how long they get before a spare is tried. */
export const relayChoice = { used: 3, working: 2, patienceMs: 5_000 } as const;

/** Keys whose relays are remembered, and joins of ours that a welcome may still answer. */
const memory = { paths: 512, ownJoins: 4 } as const;

export interface NostrRendezvousDeps {
	readonly network: string;
	/** The only relays that are ever contacted, whatever a stranger names. */
	readonly relays: readonly string[];
	readonly openSocket: OpenSocket;
	readonly clock: Clock;
	readonly random: Random;
	readonly verify: Verifier;
	readonly log: Log;
}

/** Members meet by signed, short-lived events on Nostr relays; nothing that a relay sees names an address. */
export function createNostrRendezvous(deps: NostrRendezvousDeps): Rendezvous {
	const { clock, random, network } = deps;
	const log = (text: string) => deps.log('debug', 'rendezvous/nostr', text);
	const inbox = new Map<string, { readonly identity: Identity; users: number }>();
	const ownJoins = new BoundedMap<string, true>(memory.ownJoins);
	/** On which relays each key was heard. */
	const paths = new BoundedMap<PublicKey, ReadonlySet<string>>(memory.paths);
	const sealer = createSealer(random);
	const intake = createIntake({
		network,
		verify: deps.verify,
		sealer,
		now: clock.now(),
		reader: (key) => inbox.get(key)?.identity,
		askedWith: (nonce) => ownJoins.get(nonce) ?? false,
	});
	let connections: readonly RelayConnection[] = [];
	let member: { readonly self: Identity; readonly events: RendezvousEvents } | undefined;
	/** The relays in use; the rest of `connections` is in reserve. */
	let inUse = 0;
	let attends = true;
	const lateness = new Lateness();
	let measuring = false;
	let cancelDayTimer = () => {};
	let cancelRest = () => {};
	let cancelReview: (() => void) | undefined;

	function hearJoins(): void {
		cancelDayTimer();
		if (!attends) {
			for (const each of connections) each.unsubscribe('joins');
			return;
		}
		const points = daysHeard(clock.now()).map((day) => meetingPoint(network, day));
		for (const each of connections) each.subscribe('joins', { kinds: [eventKinds.join], '#x': points });
		cancelDayTimer = clock.after(nextChange(clock.now()) - clock.now(), hearJoins);
	}

	function hearInbox(): void {
		for (const each of connections)
			each.subscribe('inbox', { kinds: [eventKinds.sealed], '#p': [...inbox.keys()] });
	}

	/** Somebody joins, or calls a key that is not as old as the tab. */
	const needed = (): boolean => attends || inbox.size > 1;

	/** Connects what is in use; without a standing need only for as long as an exchange may take. */
	function use(): void {
		for (const each of connections.slice(0, inUse)) each.wake();
		restLater();
	}

	function restLater(): void {
		cancelRest();
		if (needed()) return;
		cancelRest = clock.after(restAfterMs, () => {
			inUse = Math.min(relayChoice.used, connections.length);
			for (const each of connections) each.rest();
		});
	}

	/** Everybody prefers the same relays, the first of the list, so that all meet; a spare replaces what fails. */
	function reviewLater(): void {
		cancelReview ??= clock.after(relayChoice.patienceMs, () => {
			cancelReview = undefined;
			const used = connections.slice(0, inUse);
			if (used.every((each) => each.status().state === 'resting')) return;
			const working = used.filter((each) => each.status().state === 'open').length;
			if (working >= relayChoice.working || inUse === connections.length) return;
			inUse += 1;
			use();
			reviewLater();
		});
	}

	/** How late this device runs is seen by when it comes to what it could do at once. */
	function measureLateness(): void {
		if (measuring) return;
		measuring = true;
		const due = clock.now();
		clock.after(0, () => {
			measuring = false;
			lateness.saw(due, clock.now());
		});
	}

	/** In a crowd on a busy device most joins are left to others, before they cost a check of their signature. */
	function heeds({ kind }: NostrEvent): boolean {
		if (kind !== eventKinds.join) return true;
		measureLateness();
		return randomInt(random, 1_000) < 1_000 / lateness.slack(clock.now()) ** 2;
	}

	function received(event: NostrEvent, via: string): void {
		// A relay sends us our own joins, too.
		if (!member || event.pubkey === member.self.id || !heeds(event)) return;
		const read = intake.read(event, clock.now());
		if (read.ok || read.error.code === 'seen') rememberPath(event.pubkey, via);
		if (!read.ok) {
			const { code, detail } = read.error;
			if (code !== 'seen') log(`${via}: ${code}: ${detail}`);
			// A relay checks events before it passes them on, so this one altered or invented it.
			if (code === 'bad-id' || code === 'bad-signature')
				connections.find(({ url }) => url === via)?.blame('lies: it passes on what nobody signed');
			return;
		}
		const { events } = member;
		if (read.value.kind === 'signal') {
			const { to, from, body } = read.value;
			events.onsignal({ to, from, body, via });
		} else {
			const { kind, id, degree } = read.value;
			const attempt = kind === 'join' ? read.value.attempt : 0;
			events.oncontact({ id, asks: kind === 'join', degree, attempt, via });
		}
	}

	function rememberPath(key: PublicKey, via: string): void {
		const known = paths.get(key);
		if (!known?.has(via)) paths.set(key, new Set([...(known ?? []), via]));
	}

	/** The relays on which a key was heard, while one of them is open; else all. */
	function pathsTo(key: PublicKey): readonly RelayConnection[] {
		const heard = connections.filter((each) => paths.get(key)?.has(each.url));
		const ready = heard.some((each) => ['open', 'resting'].includes(each.status().state));
		return ready ? heard : connections.slice(0, inUse);
	}

	function publish(
		author: Identity,
		kind: number,
		tag: readonly [name: string, value: string],
		content: string,
		on: readonly RelayConnection[],
	): void {
		const created_at = seconds(clock.now());
		const expires = String(created_at + seconds(clockSkewMs));
		const event = signEvent({ created_at, kind, tags: [tag, ['expiration', expires]], content }, author);
		for (const connection of on) connection.publish(event);
		restLater();
	}

	/** False when there is no way to the recipient. */
	function sendSealed(from: Identity, message: SealedMessage, on: readonly RelayConnection[]): boolean {
		if (on.length === 0) return false;
		const content = sealer.seal(message, from);
		if (content.ok) publish(from, eventKinds.sealed, ['p', message.to], content.value, on);
		else log(`${content.error.code}: ${content.error.detail}`);
		return content.ok;
	}

	return {
		start(self, events) {
			member = { self, events };
			inbox.set(self.id, { identity: self, users: 1 });
			attends = true;
			connections = [...new Set(deps.relays)].map((url, index) =>
				connectRelay({
					...deps,
					url,
					skewMs: clockSkewMs,
					spare: index >= relayChoice.used,
					onevent: (event) => received(event, url),
					onchange() {
						reviewLater();
						events.onstatus();
					},
				}),
			);
			inUse = Math.min(relayChoice.used, connections.length);
			reviewLater();
			hearJoins();
			hearInbox();
			return () => {
				cancelDayTimer();
				cancelRest();
				cancelReview?.();
				cancelReview = undefined;
				for (const each of connections) each.stop();
				connections = [];
				member = undefined;
			};
		},
		join(degree, attempt) {
			if (!member) return;
			const nonce = toHex(random.bytes(16));
			ownJoins.set(nonce, true);
			const join = joinFrames.encode({
				kind: 'Join',
				network,
				shard,
				nonce,
				degree: Math.min(degree, 255),
				attempt: Math.min(attempt, 255),
			});
			const point = meetingPoint(network, dayOf(clock.now()));
			const used = connections.slice(0, inUse);
			for (const each of used) each.retry();
			publish(member.self, eventKinds.join, ['x', point], toHex(join), used);
		},
		welcome(to, degree) {
			const nonce = intake.joinOf(to);
			if (!member || nonce === undefined) return;
			const { self } = member;
			const message: SealedMessage = { kind: 'Welcome', to, nonce, degree: Math.min(degree, 255) };
			sendSealed(self, message, pathsTo(to as string as PublicKey));
		},
		setGreeter(on) {
			if (!member || on === attends) return;
			attends = on;
			hearJoins();
			use();
		},
		listen(identity) {
			const entry = inbox.get(identity.id) ?? { identity, users: 0 };
			entry.users++;
			inbox.set(identity.id, entry);
			if (entry.users === 1) {
				hearInbox();
				use();
			}
			let listening = true;
			return () => {
				if (!listening) return;
				listening = false;
				entry.users--;
				if (entry.users > 0) return;
				inbox.delete(identity.id);
				hearInbox();
				restLater();
			};
		},
		send(from, to, body, relays = []) {
			const named = connections.filter((each) => relays.some((url) => isSameRelay(each.url, url)));
			return sendSealed(
				from,
				{ kind: 'Envelope', to, body },
				relays.length > 0 ? named : pathsTo(to as PublicKey),
			);
		},
		status: () => connections.map((each) => each.status()),
	};
}

const seconds = (ms: Millis): number => Math.floor(ms / 1_000);

/** Whether two addresses mean one relay: the host's case, a default port and a bare slash do not count. */
function isSameRelay(a: string, b: string): boolean {
	return URL.canParse(a) && URL.canParse(b) && new URL(a).href === new URL(b).href;
}
