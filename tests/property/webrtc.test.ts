import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linkFrames } from '#lib/webrtc/frames.ts';
import { Link } from '#lib/webrtc/link/link.ts';
import { packDescription, unpackDescription } from '#lib/webrtc/sdp/description.ts';
import { buildSdp, parseSdp } from '#lib/webrtc/sdp/sdp.ts';
import { signals } from '#lib/webrtc/signals.ts';

const settings = { seed: 20_261_120, numRuns: 500 };
const bytesOf = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const iceText = (min: number, max: number) =>
	fc.string({ unit: fc.constantFrom('a', 'Z', '0', '9', '+', '/'), minLength: min, maxLength: max });

const candidate = fc
	.tuple(
		fc.constantFrom('host', 'srflx', 'relay'),
		fc.oneof(
			fc.record({
				family: fc.constant('ipv4' as const),
				bytes: bytesOf(3).map((b) => new Uint8Array([10, ...b])),
			}),
			fc.record({
				family: fc.constant('ipv6' as const),
				bytes: bytesOf(15).map((b) => new Uint8Array([0x20, ...b])),
			}),
			fc.record({ family: fc.constant('mdns' as const), bytes: bytesOf(16).map((b) => new Uint8Array(b)) }),
		),
		fc.integer({ min: 1, max: 65_535 }),
	)
	.map(([kind, address, port]) => ({
		kind: address.family === 'mdns' ? ('host' as const) : kind,
		address,
		port,
	}));

const description = fc.record({
	setup: fc.constantFrom('active' as const, 'passive' as const),
	ufrag: iceText(4, 32),
	pwd: iceText(22, 64),
	fingerprint: bytesOf(32).map((b) => new Uint8Array(b)),
	maxMessageSize: fc.constant(65_536),
	candidates: fc.array(candidate, { minLength: 1, maxLength: 16 }),
});

describe('descriptions', () => {
	it('survive packing, and survive being built into SDP and read again', () => {
		fc.assert(
			fc.property(description, (value) => {
				expect(unpackDescription(packDescription(value))).toEqual({ ok: true, value });
				expect(parseSdp(buildSdp(value).sdp)).toEqual({ ok: true, value });
			}),
			settings,
		);
	});

	it('of a stranger never put anything but the known lines into SDP', () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 600 }), description, fc.nat(), (junk, value, at) => {
				const forged = packDescription(value);
				forged.set(junk.slice(0, 8), Math.min(at % forged.length, Math.max(0, forged.length - 8)));
				for (const bytes of [junk, forged]) {
					const read = unpackDescription(bytes);
					if (!read.ok) continue;
					for (const line of buildSdp(read.value).sdp.split('\r\n'))
						expect(line).toMatch(/^$|^[vostcm]=[\w .:/-]*$|^a=[a-z-]+(:[\w .:+/-]*)?$/);
				}
			}),
			settings,
		);
	});
});

describe('frames of strangers', () => {
	it('never make a link, a signal or a hello throw', () => {
		fc.assert(
			fc.property(
				fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 20 }),
				fc.nat(15),
				(inputs, type) => {
					let now = 0;
					const link = new Link(
						{
							transmit: () => true,
							buffered: () => 0,
							degree: () => 0,
							deliver() {},
							admission() {},
							end() {},
						},
						0,
						now,
					);
					for (const input of inputs) {
						const framed = new Uint8Array([1, type, ...input]);
						for (const bytes of [new Uint8Array(input), framed]) {
							link.receive(bytes, (now += 100));
							expect(linkFrames.decode(bytes)).toHaveProperty('ok');
							expect(signals.decode(bytes)).toHaveProperty('ok');
						}
					}
				},
			),
			settings,
		);
	});
});

/** Two links back to back; what one transmits, the other receives when told to. */
describe('a link under any order of sending, delay and waking', () => {
	it('delivers every accepted frame once, in order within its class, or reports it stale, and never breaks its own rules', () => {
		const action = fc.oneof(
			{
				weight: 6,
				arbitrary: fc.record({
					do: fc.constant('send' as const),
					priority: fc.constantFrom(0, 1, 2),
					length: fc.integer({ min: 6, max: 16_384 }),
				}),
			},
			{
				weight: 3,
				arbitrary: fc.record({ do: fc.constant('deliver' as const), count: fc.integer({ min: 1, max: 40 }) }),
			},
			{
				weight: 2,
				arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 3_000 }) }),
			},
		);
		fc.assert(
			fc.property(fc.array(action, { maxLength: 200 }), (actions) => {
				let now = 1_000;
				const wires: Uint8Array<ArrayBuffer>[][] = [[], []];
				const ends: string[] = [];
				const delivered: number[][] = [[], [], []];
				const make = (own: 0 | 1) =>
					new Link(
						{
							transmit: (bytes) => wires[own]!.push(bytes) > 0,
							buffered: () => 0,
							degree: () => 0,
							deliver: (bytes) => delivered[bytes[2]!]!.push(new DataView(bytes.buffer).getUint16(4)),
							admission() {},
							end: (end) => ends.push(JSON.stringify(end)),
						},
						0,
						now,
					);
				const [a, b] = [make(0), make(1)];
				const deliver = (count: number) => {
					for (const message of wires[0]!.splice(0, count)) b.receive(message, now);
					for (const message of wires[1]!.splice(0, count)) a.receive(message, now);
				};
				const wake = () => {
					for (const link of [a, b]) if (link.nextWake(now) <= now) link.wake(now);
				};
				const accepted = [0, 0, 0];
				for (const step of actions) {
					if (step.do === 'send') {
						const bytes = new Uint8Array(step.length);
						bytes.set([1, 0x10, step.priority]);
						new DataView(bytes.buffer).setUint16(4, accepted[step.priority]!);
						if (a.send(bytes, step.priority, now)) accepted[step.priority]! += 1;
					} else if (step.do === 'deliver') deliver(step.count);
					else {
						now += step.ms;
						// A fair network: what is under way arrives before anybody is given up for dead.
						deliver(Infinity);
						wake();
						deliver(Infinity);
					}
				}
				for (let i = 0; i < 400; i++) {
					now += 50;
					deliver(Infinity);
					wake();
				}
				expect(ends).toEqual([]);
				for (const [priority, sequence] of delivered.entries()) {
					expect(sequence).toEqual(sequence.toSorted((x, y) => x - y));
					expect(new Set(sequence).size).toBe(sequence.length);
					expect(sequence.length).toBeLessThanOrEqual(accepted[priority]!);
				}
				const total = delivered.flat().length;
				expect(total).toBe(accepted[0]! + accepted[1]! + accepted[2]!);
			}),
			{ ...settings, numRuns: 200 },
		);
	});
});
