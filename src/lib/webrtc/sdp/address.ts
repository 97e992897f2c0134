import type { Bytes } from '#lib/core/brand.ts';
import { fromHex, toHex } from '#lib/core/bytes.ts';

/** Where a candidate can be reached: 4 bytes of IPv4, 16 of IPv6, or the 16-byte UUID of an mDNS name. */
export interface Address {
	readonly family: 'ipv4' | 'ipv6' | 'mdns';
	readonly bytes: Bytes;
}

/** Parses an IP literal or `<uuid>.local`; anything else (a DNS name, a zone id) is not an address to us. */
export function parseAddress(text: string): Address | undefined {
	const uuid = /^([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{12})\.local$/i.exec(text);
	if (uuid) return family('mdns', fromHex(uuid.slice(1).join('').toLowerCase(), 16));
	if (text.includes(':')) return family('ipv6', parseIpv6(text));
	return family('ipv4', parseIpv4(text));
}

const family = (name: Address['family'], bytes: Bytes | undefined): Address | undefined =>
	bytes && { family: name, bytes };

function parseIpv4(text: string): Bytes | undefined {
	const parts = text.split('.');
	if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256))
		return undefined;
	return new Uint8Array(parts.map(Number));
}

/** RFC 4291 2.2, without the dotted-quad form: candidates of browsers never use it. */
function parseIpv6(text: string): Bytes | undefined {
	if (text.length > 39) return undefined;
	const halves = text.split('::');
	if (halves.length > 2) return undefined;
	const [head, tail] = halves.map((half) => (half === '' ? [] : half.split(':')));
	if (!head) return undefined;
	const missing = 8 - head.length - (tail?.length ?? 0);
	if (tail ? missing < 1 : missing !== 0) return undefined;
	const groups = [...head, ...Array.from({ length: missing }, () => '0'), ...(tail ?? [])];
	if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
	return fromHex(groups.map((group) => group.toLowerCase().padStart(4, '0')).join(''), 16);
}

export function formatAddress({ family: kind, bytes }: Address): string {
	if (kind === 'ipv4') return bytes.join('.');
	const hex = toHex(bytes);
	if (kind === 'ipv6') return (hex.match(/.{4}/g) ?? []).join(':');
	return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}.local`;
}

/**
 * Whether a stranger may have us send connectivity checks there. Private ranges may be: two peers of one
 * household meet by them. This machine itself, everybody at once, and nowhere may not.
 */
export function isDialable({ family: kind, bytes }: Address): boolean {
	const first = bytes[0] ?? 0;
	if (kind === 'mdns') return true;
	if (kind === 'ipv4') return first !== 0 && first !== 127 && first < 224;
	// ::/80 holds the unspecified address, loopback and IPv4-mapped forms; ff00::/8 is multicast.
	return first !== 0xff && !bytes.subarray(0, 10).every((byte) => byte === 0);
}
