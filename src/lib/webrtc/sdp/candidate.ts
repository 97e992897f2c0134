import { bytes, choice, u16, type Field } from '#lib/core/wire/field.ts';
import { formatAddress, isDialable, parseAddress, type Address } from './address.ts';

/** One UDP transport address of an ICE agent (RFC 8445); TCP candidates are dropped. */
export interface Candidate {
	readonly kind: 'host' | 'srflx' | 'relay';
	readonly address: Address;
	readonly port: number;
}

/** An mDNS name hides a host's address, so it stands only there. */
const forms = choice({
	'host-ipv4': 1,
	'host-ipv6': 2,
	'host-mdns': 3,
	'srflx-ipv4': 4,
	'srflx-ipv6': 5,
	'relay-ipv4': 6,
	'relay-ipv6': 7,
});
type Form = ReturnType<(typeof forms)['read']>;

const ipv4 = bytes(4);
const wide = bytes(16);

export const candidateField: Field<Candidate> = {
	doc: `form (${forms.doc}), 4 B or 16 B address, u16 port`,
	read(reader) {
		const [kind, family] = forms.read(reader).split('-') as [Candidate['kind'], Address['family']];
		const address = { family, bytes: (family === 'ipv4' ? ipv4 : wide).read(reader) };
		return { kind, address, port: u16.read(reader) };
	},
	write(writer, { kind, address, port }) {
		forms.write(writer, `${kind}-${address.family}` as Form);
		(address.family === 'ipv4' ? ipv4 : wide).write(writer, address.bytes);
		u16.write(writer, port);
	},
};

/** Whether checks may be sent to it (see isDialable). */
export const isUsable = (candidate: Candidate): boolean =>
	candidate.port > 0 && isDialable(candidate.address);

/**
 * Reads the value of an `a=candidate:` line (RFC 8839 5.1) of our own description.
 * Undefined for what is not carried: TCP, other components, unknown types, unusable addresses.
 */
export function parseCandidate(value: string): Candidate | undefined {
	const [, component, transport, , host, port, typ, kind] = value.split(' ');
	if (component !== '1' || transport?.toLowerCase() !== 'udp' || typ !== 'typ') return undefined;
	if (kind !== 'host' && kind !== 'srflx' && kind !== 'relay') return undefined;
	const address = parseAddress(host ?? '');
	if (!address || (address.family === 'mdns' && kind !== 'host')) return undefined;
	const candidate: Candidate = { kind, address, port: Number(port) };
	return Number.isInteger(candidate.port) && candidate.port <= 0xffff && isUsable(candidate)
		? candidate
		: undefined;
}

/** Type preferences of RFC 8445 5.1.2.2. */
const preference = { host: 126, srflx: 100, relay: 0 } as const;

/** The `a=candidate:` value for a foreign description; foundation and priority follow from type and position. */
export function formatCandidate({ kind, address, port }: Candidate, index: number): string {
	const priority = preference[kind] * 0x100_0000 + (0xffff - index) * 0x100 + 255;
	const related = kind === 'host' ? '' : ' raddr 0.0.0.0 rport 0';
	return `${index + 1} 1 udp ${priority} ${formatAddress(address)} ${port} typ ${kind}${related}`;
}
