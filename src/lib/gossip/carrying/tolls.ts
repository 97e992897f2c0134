import type { Bytes, Hex, PeerId, ReplyId } from '#lib/core/brand.ts';
import type { MeshFrameOf, RefusalCode } from '../wire/frames.ts';
import type { TillTerms } from '../settling/till.ts';
import type { Asking, Errand } from './errand.ts';
import type { CarriedReply, Route } from './routes.ts';

/** What a favour's invoice is bound to: both sides of the link compute it. */
export interface FavourQuote {
	readonly number: Hex;
	readonly timestamp: number;
	readonly validForMs: number;
	readonly topic: string;
	readonly asker: PeerId;
	readonly giver: PeerId;
	readonly msat: number;
	readonly packSize: number;
}

/**
 * Where money touches carrying (settling/settling.ts). Absent in a tab that keeps no wallet: everything is then
 * carried for work and on credit.
 */
export interface Tolls {
	/** A favour that costs `complexity` may be paid in sats, too: the answer leaves when its invoice is made. */
	quote(peer: PeerId, complexity: number, answer: MeshFrameOf<'AskForFavourReply'>, topic: string): boolean;
	/** Whether a 32-byte proof is the preimage of a favour sold to this neighbour; it is used up. */
	redeem(peer: PeerId, proof: Bytes): boolean;
	/** Takes over an asking whose price can be paid in sats. @returns what is done about it. */
	considers(
		asking: Asking,
		frame: MeshFrameOf<'AskForFavourReply'>,
		topic: string,
	): 'paid' | 'sats' | 'work' | 'none';
	/** Pays for what `considers` called sats. */
	buy(errand: Errand, asking: Asking): void;

	/** Fields of the price of a reply in a broadcast to this neighbour; undefined when it cannot pay what I owe. */
	replyPrice(
		route: Route,
		peer: PeerId,
	): Pick<MeshFrameOf<'Broadcast'>, 'replyPriceMsat' | 'lockCltv'> | undefined;
	/** Whether a job whose replies cost so much may be carried. */
	mayOwe(frame: MeshFrameOf<'Broadcast'>): RefusalCode | undefined;
	/**
	 * A reply came from a neighbour that owes for it. @returns `now` when it may travel on, `later` when `proceed`
	 * will be called once money is locked, or why not.
	 */
	receive(
		route: Route,
		peer: PeerId,
		frame: MeshFrameOf<'ReplyRequest'>,
		proceed: () => RefusalCode | undefined,
	): 'now' | 'later' | RefusalCode;
	/** Fields of the reply as it goes to this neighbour; undefined when it must not go there. */
	handOn(
		route: Route,
		reply: CarriedReply,
		next: PeerId,
	): Pick<MeshFrameOf<'ReplyRequest'>, 'lockMsat'> | undefined;
	/** Whether money was sent on for it: it can go no other way. */
	isPaying(replyId: ReplyId): boolean;
	/** Nobody takes it on. */
	stuck(replyId: ReplyId): void;
	thanked(reply: CarriedReply, secret: Bytes): void;
	onInvoice(peer: PeerId, frame: MeshFrameOf<'ReplyInvoice'>): void;
}

/** The owner's wallet as the engine knows it. */
export interface Money {
	terms: TillTerms;
	tolls: Tolls | undefined;
}
