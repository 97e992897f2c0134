import type { Bytes, Millis, PeerId } from '#lib/core/brand.ts';
import type { Verifier } from '#lib/core/crypto/schnorr.ts';
import { randomInt, type Random } from '#lib/core/random.ts';
import type { Agenda } from '#lib/gossip/agenda.ts';
import type { OverlayEffect } from './event.ts';
import type { Neighbours } from './neighbours.ts';
import type { Routes } from './routes.ts';

/** What the overlay stands on; time comes with every event. */
export interface OverlayPorts {
	readonly self: PeerId;
	readonly network: string;
	readonly random: Random;
	/** BIP-340 by this node's key. */
	sign(message: Bytes): Bytes;
	readonly verify: Verifier;
}

/** Links wanted at least, aimed at, and had at most, for now. */
export interface Bounds {
	readonly min: number;
	readonly target: number;
	readonly max: number;
}

/** What the parts of one overlay share. */
export interface Core {
	readonly ports: OverlayPorts;
	readonly agenda: Agenda;
	readonly neighbours: Neighbours;
	readonly routes: Routes;
	/** Time of the event being handled. */
	readonly now: Millis;
	readonly bounds: Bounds;
	readonly walking: boolean;
	/** By how much waits are stretched, because this device runs late (core/lateness.ts); at least 1. */
	readonly slack: number;
	emit(effect: OverlayEffect): void;
	/** Looks at everything again, once the event being handled is done with. */
	review(): void;
}

/** Uniform in [from, to), ms. */
export const between = (random: Random, [from, to]: readonly [number, number]): number =>
	from + randomInt(random, to - from);

/** Grown by up to 30 %, so that those who lost something together do not return together. */
export const jittered = (random: Random, ms: number): number =>
	ms * (1 + (0.3 * randomInt(random, 1_000)) / 1_000);
