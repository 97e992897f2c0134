import type { Bytes, Millis, PeerId } from '#lib/core/brand.ts';
import { equalBytes } from '#lib/core/bytes.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { bytes, choice, hex, u32, varBytes } from '#lib/core/wire/field.ts';
import { decodeRecord, encodeRecord, record, type ValueOf } from '#lib/core/wire/record.ts';
import { networkId } from '../handshake.ts';
import { fromBase64, toBase64 } from '../rendezvous/base64.ts';
import { descriptionBytes } from '../sdp/description.ts';

/**
 * An invitation and its answer as text of some 240 characters: short enough for a QR code, and whole enough that two
 * tabs connect without any relay.
 */
const layout = record('InviteCode', 'A packed description, carried by people.', {
	version: choice({ v1: 1 }),
	kind: choice({ invite: 1, answer: 2 }),
	/** First 8 bytes of the network's id: a code of another network is refused before anything is tried. */
	network: bytes(8),
	/** Who wrote it. */
	key: hex<PeerId>(32),
	attempt: hex(16),
	/** Seconds since the epoch. */
	expires: u32,
	description: varBytes(descriptionBytes),
});

/** Longest code that is looked at, characters. */
const mostLetters = 1_024;

export type InviteCode = Omit<ValueOf<typeof layout>, 'version' | 'network'>;

export type InviteRefusal =
	/** No code of ours, or one that was cut off. */
	| 'not-a-code'
	/** An answer where an invitation belongs, or the other way round. */
	| 'wrong-kind'
	| 'other-network'
	| 'expired'
	/** The code was made by this very tab. */
	| 'own'
	/** No invitation of this tab is answered by it. */
	| 'unknown'
	/** The browser found no address, or makes no connection now. */
	| 'no-connection';

const networkMark = (network: string): Bytes => networkId(network).slice(0, 8);

export function writeCode(code: InviteCode, network: string): string {
	const packed = encodeRecord(layout, { ...code, version: 'v1', network: networkMark(network) });
	return toBase64(packed).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** Reads a code, or the link that holds one behind its `#`. */
export function readCode(
	text: string,
	expected: { readonly kind: InviteCode['kind']; readonly network: string; readonly now: Millis },
): Result<InviteCode, InviteRefusal> {
	const letters = /(?:^|[#&?](?:invite|answer)=)([A-Za-z0-9_-]+)$/.exec(
		text.trim().slice(0, mostLetters),
	)?.[1];
	if (letters === undefined) return err('not-a-code');
	const standard = letters.replaceAll('-', '+').replaceAll('_', '/');
	const packed = fromBase64(standard.padEnd(Math.ceil(standard.length / 4) * 4, '='));
	const parsed = packed && decodeRecord(layout, packed);
	if (!parsed?.ok) return err('not-a-code');
	const { kind, network, expires } = parsed.value;
	if (kind !== expected.kind) return err('wrong-kind');
	if (!equalBytes(network, networkMark(expected.network))) return err('other-network');
	return expires * 1_000 < expected.now ? err('expired') : ok(parsed.value);
}
