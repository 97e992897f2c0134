import type { Bytes, Millis, PeerId } from '#lib/core/brand.ts';
import { hexBytes } from '#lib/core/bytes.ts';
import { taggedHash } from '#lib/core/crypto/hash.ts';
import type { Verifier } from '#lib/core/crypto/schnorr.ts';
import { text, u32, u8 } from '#lib/core/wire/field.ts';
import { encodeRecord, record } from '#lib/core/wire/record.ts';
import { overlayLimits, ticketSkewMs } from './limits.ts';

/** A joiner's signed wish for links. Without it a stranger could make half the mesh call somebody who asked nobody. */
export interface Ticket {
	readonly joiner: PeerId;
	/** Seconds since the Unix epoch, by the joiner's clock. */
	readonly expires: number;
	/** Offers the joiner takes on it. */
	readonly offers: number;
	/** BIP-340 by the joiner's key. */
	readonly signature: Bytes;
}

const terms = record('WalkTicket', 'What a joiner signs.', { network: text(32), expires: u32, offers: u8 });

const digest = (network: string, { joiner, expires, offers }: Omit<Ticket, 'signature'>): Bytes =>
	taggedHash('sweetgossip/walk/v1', hexBytes(joiner), encodeRecord(terms, { network, expires, offers }));

export function signTicket(
	network: string,
	joiner: PeerId,
	now: Millis,
	sign: (message: Bytes) => Bytes,
): Ticket {
	const expires = Math.floor((now + overlayLimits.ticketMs) / 1_000);
	const unsigned = { joiner, expires, offers: overlayLimits.ticketOffers };
	return { ...unsigned, signature: sign(digest(network, unsigned)) };
}

/** Cheap part of the check: the ticket may be good now, whatever the two clocks say. */
export const isCurrent = ({ expires }: Ticket, now: Millis): boolean =>
	Math.abs(expires * 1_000 - now) <= ticketSkewMs + overlayLimits.ticketMs;

/** One signature check. */
export const isSigned = (network: string, ticket: Ticket, verify: Verifier): boolean =>
	verify(ticket.signature, digest(network, ticket), ticket.joiner);
