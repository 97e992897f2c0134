import type { Bytes, Hex, Millis, PeerId } from '#lib/core/brand.ts';
import { hexBytes, toHex } from '#lib/core/bytes.ts';
import type { Verifier } from '#lib/core/crypto/schnorr.ts';
import type { Random } from '#lib/core/random.ts';
import type { PowSchemes } from '#lib/pow/schemes.ts';
import type { Agenda } from './agenda.ts';
import type { Money } from './carrying/tolls.ts';
import { meshFrames, type MeshFrame, type RefusalCode } from './wire/frames.ts';
import type { Outbox } from './outbox.ts';
import type { GossipParameters } from './parameters.ts';
import type { Strategies } from './strategies.ts';
import type { Traffic } from './traffic.ts';

/** What every part of one engine shares. */
export interface Context {
	readonly self: PeerId;
	readonly random: Random;
	readonly verify: Verifier;
	readonly parameters: GossipParameters;
	readonly strategies: Strategies;
	readonly schemes: PowSchemes;
	readonly relays: readonly string[];
	/** Time of the event being handled. */
	now(): Millis;
	readonly out: Outbox;
	readonly agenda: Agenda;
	readonly traffic: Traffic;
	/** The owner's wallet; without one everything is paid in work and credit. */
	readonly money: Money;
}

/** What the person's half of an engine has besides: the seed that keys of jobs and offers are derived from. */
export interface PersonContext extends Context {
	readonly seed: Bytes;
}

/** Order of sending on a full link: small answers first, jobs next, news about this node last. */
const priorities: Partial<Record<MeshFrame['kind'], 0 | 1 | 2>> = { Broadcast: 1, AskForFavour: 1, Hello: 2 };

export function send(context: Context, peer: PeerId, frame: MeshFrame): void {
	context.traffic.sent(frame.kind);
	context.out.push({
		kind: 'send',
		peer,
		bytes: meshFrames.encode(frame),
		priority: priorities[frame.kind] ?? 0,
	});
}

/** Refuses what `ref` names: an askId (4 bytes), shortId (8) or replyId (16), in hex. */
export function refuse(context: Context, peer: PeerId, ref: Hex, code: RefusalCode, retryAfterMs = 0): void {
	context.traffic.refused(code);
	send(context, peer, { kind: 'Refuse', ref: hexBytes(ref), code, retryAfterMs });
}

export const randomHex = (context: Pick<Context, 'random'>, bytes: number): Hex =>
	toHex(context.random.bytes(bytes));
