import type { Hex } from '#lib/core/brand.ts';
import { hexBytes, toHex, utf8 } from '#lib/core/bytes.ts';
import { sha256, taggedHash } from '#lib/core/crypto/hash.ts';
import { Writer } from '#lib/core/wire/cursor.ts';
import type { FavourQuote } from '../carrying/tolls.ts';

/** 32 bytes that bind a favour's invoice to the favour, both ends of the link and the price; says nothing to others. */
export function favourBinding(quote: FavourQuote): Hex {
	const out = new Writer();
	out.bytes(hexBytes(quote.number));
	out.u64(quote.timestamp);
	out.u64(quote.validForMs);
	out.bytes(sha256(utf8(quote.topic)));
	out.bytes(hexBytes(quote.asker));
	out.bytes(hexBytes(quote.giver));
	out.u64(quote.msat);
	out.u16(quote.packSize);
	return toHex(taggedHash('sweet/1/favour-invoice', out.done()));
}
