import type { PeerId, PublicKey } from '#lib/core/brand.ts';
import type { Clock } from '#lib/core/clock.ts';
import { randomInt, type Random } from '#lib/core/random.ts';
import type { Identity, Rendezvous, RendezvousEvents } from '../ports.ts';

export interface MemoryRelaysDeps {
	readonly clock: Clock;
	readonly random: Random;
	/** Each message takes a random time between these, ms. */
	readonly delayMs?: readonly [min: number, max: number];
	/** Share of messages that are lost, 0..1. */
	readonly dropShare?: number;
}

/** Relays inside one process, for tests and simulations: no signatures and no seals, the same behaviour. */
export interface MemoryRelays {
	/** A rendezvous that knows these relays only. */
	rendezvous(relays?: readonly string[]): Rendezvous;
	/** A relay that is down loses everything. */
	setDown(relay: string, down: boolean): void;
}

interface Member {
	readonly relays: readonly string[];
	readonly self: PeerId;
	readonly keys: Map<string, number>;
	readonly events: RendezvousEvents;
	attends: boolean;
	sent: number;
	received: number;
}

const relayOfAll = 'wss://memory.test';

export function createMemoryRelays(deps: MemoryRelaysDeps): MemoryRelays {
	const { clock, random, delayMs = [1, 1], dropShare = 0 } = deps;
	const members = new Set<Member>();
	const down = new Set<string>();

	/** Hands something to every member that hears one of `relays`, once, later, unless it is lost. */
	function carry(
		from: Member,
		relays: readonly string[],
		hears: (member: Member) => boolean,
		arrive: (member: Member, via: string) => void,
	): void {
		from.sent++;
		for (const member of members) {
			const via = relays.find((relay) => member.relays.includes(relay) && !down.has(relay));
			if (member === from || via === undefined || !hears(member)) continue;
			if (randomInt(random, 1_000_000) < dropShare * 1_000_000) continue;
			const [min, max] = delayMs;
			clock.after(min + randomInt(random, max - min + 1), () => {
				if (!members.has(member) || !hears(member)) return;
				member.received++;
				arrive(member, via);
			});
		}
	}

	function rendezvous(relays: readonly string[] = [relayOfAll]): Rendezvous {
		const keys = new Map<string, number>();
		let member: Member | undefined;

		const listen = (identity: Identity) => {
			keys.set(identity.id, (keys.get(identity.id) ?? 0) + 1);
			let listening = true;
			return () => {
				if (!listening) return;
				listening = false;
				const users = (keys.get(identity.id) ?? 1) - 1;
				if (users === 0) keys.delete(identity.id);
				else keys.set(identity.id, users);
			};
		};

		return {
			start(self, events) {
				const stopListening = listen(self);
				const started = {
					relays,
					self: self.id as PeerId,
					keys,
					events,
					attends: true,
					sent: 0,
					received: 0,
				};
				member = started;
				members.add(started);
				return () => {
					stopListening();
					members.delete(started);
					member = undefined;
				};
			},
			join(degree, attempt) {
				if (!member) return;
				const { self: id } = member;
				carry(
					member,
					relays,
					(reader) => reader.attends,
					(reader, via) => reader.events.oncontact({ id, asks: true, degree, attempt, via }),
				);
			},
			welcome(to, degree) {
				if (!member) return;
				const { self: id } = member;
				carry(
					member,
					relays,
					(reader) => reader.self === to,
					(reader, via) => reader.events.oncontact({ id, asks: false, degree, attempt: 0, via }),
				);
			},
			setGreeter(on) {
				if (member) member.attends = on;
			},
			listen,
			send(from, to, body, named = []) {
				const on = named.length > 0 ? relays.filter((relay) => named.includes(relay)) : relays;
				if (!member || on.length === 0) return false;
				const signal = {
					to: to as PublicKey,
					from: from.id as PublicKey,
					body: new Uint8Array(body),
				};
				carry(
					member,
					on,
					(reader) => reader.keys.has(to),
					(reader, via) => reader.events.onsignal({ ...signal, via }),
				);
				return true;
			},
			status: () =>
				relays.map((name) => ({
					name,
					state: member === undefined ? 'stopped' : down.has(name) ? 'waiting' : 'open',
					sent: member?.sent ?? 0,
					received: member?.received ?? 0,
				})),
		};
	}

	return {
		rendezvous,
		setDown(relay, isDown) {
			if (isDown) down.add(relay);
			else down.delete(relay);
		},
	};
}
