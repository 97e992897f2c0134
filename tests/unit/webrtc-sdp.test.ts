import { describe, expect, it } from 'vitest';
import { toHex } from '#lib/core/bytes.ts';
import { formatAddress, isDialable, parseAddress } from '#lib/webrtc/sdp/address.ts';
import {
	maxCandidates,
	packDescription,
	unpackDescription,
	type Description,
} from '#lib/webrtc/sdp/description.ts';
import { buildSdp, parseSdp } from '#lib/webrtc/sdp/sdp.ts';

const fingerprint = Array.from({ length: 32 }, (_, i) => i.toString(16).padStart(2, '0').toUpperCase()).join(
	':',
);

/** What Chromium 156 writes for one data channel, cut to what matters. */
const chromium = [
	'v=0',
	'o=- 4611731400430051336 2 IN IP4 127.0.0.1',
	's=-',
	't=0 0',
	'a=group:BUNDLE 0',
	'a=extmap-allow-mixed',
	'a=msid-semantic: WMS',
	'm=application 54400 UDP/DTLS/SCTP webrtc-datachannel',
	'c=IN IP4 0.0.0.0',
	'a=candidate:1 1 udp 2113937151 1b9b3f0c-9cf1-4a9c-8a3b-7a0e2f9d1c55.local 54400 typ host generation 0 network-cost 999',
	'a=candidate:2 1 udp 1677729535 203.0.113.7 61000 typ srflx raddr 0.0.0.0 rport 0 generation 0',
	'a=candidate:3 1 tcp 1518280447 192.168.1.9 9 typ host tcptype active generation 0',
	'a=ice-ufrag:Abc+',
	'a=ice-pwd:0123456789abcdefghijklmn',
	'a=ice-options:trickle',
	`a=fingerprint:sha-256 ${fingerprint}`,
	'a=setup:actpass',
	'a=mid:0',
	'a=sctp-port:5000',
	'a=max-message-size:262144',
	'',
].join('\r\n');

const parsed = (sdp = chromium): Description => {
	const result = parseSdp(sdp);
	if (!result.ok) throw new Error(result.error.detail);
	return result.value;
};

describe('a session description of our own browser', () => {
	it('is packed to about a hundred bytes and rebuilt with everything that differs between peers', () => {
		const packed = packDescription(parsed());
		expect(packed.length).toBeLessThan(115);
		const unpacked = unpackDescription(packed);
		expect(unpacked).toEqual({ ok: true, value: parsed() });
		const { type, sdp } = buildSdp(parsed());
		expect(type).toBe('offer');
		for (const line of [
			'a=ice-ufrag:Abc+',
			'a=ice-pwd:0123456789abcdefghijklmn',
			`a=fingerprint:sha-256 ${fingerprint}`,
			'a=setup:active',
			'a=max-message-size:65536',
		])
			expect(sdp.split('\r\n')).toContain(line);
		expect(sdp).toMatch(
			/a=candidate:1 1 udp \d+ 1b9b3f0c-9cf1-4a9c-8a3b-7a0e2f9d1c55\.local 54400 typ host\r\n/,
		);
		expect(sdp).toMatch(
			/a=candidate:2 1 udp \d+ 203\.0\.113\.7 61000 typ srflx raddr 0\.0\.0\.0 rport 0\r\n/,
		);
	});

	it('drops TCP candidates and keeps relays when a machine has very many interfaces', () => {
		expect(parsed().candidates.map(({ kind }) => kind)).toEqual(['host', 'srflx']);
		const hosts = Array.from({ length: 40 }, (_, i) => `a=candidate:9 1 udp 1 10.0.0.${i + 1} 5000 typ host`);
		const relay = 'a=candidate:9 1 udp 1 198.51.100.3 5000 typ relay raddr 0.0.0.0 rport 0';
		const crowded = parsed(
			chromium.replace('a=ice-ufrag', `${[...hosts, relay].join('\r\n')}\r\na=ice-ufrag`),
		);
		expect(crowded.candidates).toHaveLength(maxCandidates);
		expect(crowded.candidates.map(({ kind }) => kind)).toContain('relay');
	});

	it.each([
		[
			'two fingerprints',
			`a=setup:actpass\r\na=fingerprint:sha-256 ${fingerprint.replace('00', 'FF')}`,
			'fingerprint',
		],
		[
			'a SHA-1 fingerprint',
			`a=setup:actpass\r\na=fingerprint:sha-1 ${fingerprint.slice(0, 59)}`,
			'fingerprint',
		],
		['an unknown role', 'a=setup:holdconn', 'role'],
		['a second section', 'a=setup:actpass\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111', 'malformed'],
	])('with %s is refused', (_, replacement, code) => {
		expect(parseSdp(chromium.replace('a=setup:actpass', replacement))).toMatchObject({
			ok: false,
			error: { type: 'description', code },
		});
	});

	it('without a usable candidate says so', () => {
		const none = chromium.replaceAll(/a=candidate:.*\r\n/g, '');
		expect(parseSdp(none)).toMatchObject({ ok: false, error: { code: 'no-candidates' } });
	});
});

describe('a packed description of a stranger', () => {
	const good = parsed();
	const bytes = packDescription(good);
	const withCandidates = (candidates: Description['candidates']) => packDescription({ ...good, candidates });
	const ipv4 = (...parts: number[]) => ({
		kind: 'host' as const,
		address: { family: 'ipv4' as const, bytes: new Uint8Array(parts) },
		port: 9_000,
	});
	const ipv6 = (text: string) => ({ kind: 'host' as const, address: parseAddress(text)!, port: 9_000 });

	it.each<[string, Uint8Array<ArrayBuffer>, string]>([
		['empty', new Uint8Array(), 'malformed'],
		['cut short', bytes.slice(0, 40), 'malformed'],
		['followed by a byte', new Uint8Array([...bytes, 1]), 'malformed'],
		['very long', new Uint8Array(5_000), 'malformed'],
		['without candidates', withCandidates([]), 'no-candidates'],
		['pointing at this machine', withCandidates([ipv4(127, 0, 0, 1)]), 'candidate'],
		['pointing nowhere', withCandidates([ipv4(0, 0, 0, 0)]), 'candidate'],
		['pointing at everybody', withCandidates([ipv4(255, 255, 255, 255)]), 'candidate'],
		['pointing at a multicast group', withCandidates([ipv4(224, 0, 0, 251)]), 'candidate'],
		['pointing at IPv6 loopback', withCandidates([ipv6('::1')]), 'candidate'],
		['pointing at a mapped IPv4 address', withCandidates([ipv6('::ffff:7f00:1')]), 'candidate'],
		['pointing at port 0', withCandidates([{ ...ipv4(10, 0, 0, 1), port: 0 }]), 'candidate'],
	])('that is %s is refused', (_, packed, code) => {
		expect(unpackDescription(packed)).toMatchObject({ ok: false, error: { type: 'description', code } });
	});

	it.each([
		['a line break in the user fragment', 'Abc+', 'A\r\na'],
		['a space in the password', '0123456789abcdefghijklmn', '0123456789abcdefghij\r\na'],
	])('with %s is refused', (_, honest, evil) => {
		const hex = toHex(bytes).replace(
			toHex(new TextEncoder().encode(honest)).slice(0, evil.length * 2),
			toHex(new TextEncoder().encode(evil)),
		);
		expect(hex).not.toBe(toHex(bytes));
		const forged = Uint8Array.from(hex.match(/../g)!, (pair) => Number.parseInt(pair, 16));
		expect(unpackDescription(forged)).toMatchObject({ ok: false, error: { code: 'malformed' } });
	});

	it('with more candidates than allowed is refused before they are read', () => {
		const count = packDescription({ ...good, candidates: [ipv4(10, 0, 0, 1)] });
		const at = count.length - 8;
		expect(count[at]).toBe(1);
		count[at] = 17;
		expect(unpackDescription(count)).toMatchObject({ ok: false, error: { code: 'malformed' } });
	});
});

describe('addresses', () => {
	it.each(['192.168.0.1', '2001:db8:0:0:0:0:0:1', 'fe80::1', '1b9b3f0c-9cf1-4a9c-8a3b-7a0e2f9d1c55.local'])(
		'%s survives a round trip and may be dialled',
		(text) => {
			const address = parseAddress(text)!;
			expect(parseAddress(formatAddress(address))).toEqual(address);
			expect(isDialable(address)).toBe(true);
		},
	);

	it.each([
		'',
		'example.com',
		'1.2.3',
		'1.2.3.256',
		'01.2.3.4',
		'1::2::3',
		'12345::',
		':::',
		'fe80::1%eth0',
		'x.local',
	])('%s is none', (text) => {
		expect(parseAddress(text)).toBeUndefined();
	});
});
