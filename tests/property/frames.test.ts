import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Bytes } from '#lib/core/brand.ts';
import { concat } from '#lib/core/bytes.ts';
import { decodeRecord, encodeRecord } from '#lib/core/wire/record.ts';
import {
	directFrames,
	directFrameTypes,
	inetAddr,
	jobCore,
	meshFrames,
	meshFrameTypes,
	sealedReply,
} from '#lib/gossip/wire/frames.ts';
import {
	anyDirectFrame,
	anyMeshFrame,
	directFrameArbitraries,
	inetAddrs,
	jobCores,
	meshFrameArbitraries,
	sealedReplies,
} from '../kit/arbitrary-frames.ts';

const runs = { seed: 20_261_120, numRuns: 2_000 };
const rare = { ...runs, numRuns: 300 };

describe('every frame', () => {
	it('has an arbitrary here, so that none escapes these tests', () => {
		expect(Object.keys(meshFrameArbitraries)).toEqual(meshFrameTypes.map(({ name }) => name));
		expect(Object.keys(directFrameArbitraries)).toEqual(directFrameTypes.map(({ name }) => name));
	});

	it('of the mesh is read as it was written', () => {
		fc.assert(
			fc.property(anyMeshFrame, (frame) => {
				const bytes = meshFrames.encode(frame);
				expect(meshFrames.decode(bytes)).toEqual({ ok: true, value: frame });
				expect(meshFrames.typeOf(bytes)).toBe(frame.kind);
			}),
			runs,
		);
	});

	it('of a direct link is read as it was written', () => {
		fc.assert(
			fc.property(anyDirectFrame, (frame) => {
				expect(directFrames.decode(directFrames.encode(frame))).toEqual({ ok: true, value: frame });
			}),
			runs,
		);
	});

	it('is refused when any part of its end is missing', () => {
		fc.assert(
			fc.property(
				anyMeshFrame,
				fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
				(frame, share) => {
					const bytes = meshFrames.encode(frame);
					const cut = bytes.slice(0, Math.floor(bytes.length * share));
					const decoded = meshFrames.decode(cut);
					// What is left may be a whole frame without its last optional fields, and only that.
					if (decoded.ok) expect(meshFrames.encode(decoded.value)).toEqual(cut);
					else expect(decoded.error.type).toBe('wire');
				},
			),
			runs,
		);
	});

	it('is refused with anything after its end that is no optional field', () => {
		fc.assert(
			fc.property(anyMeshFrame, fc.uint8Array({ minLength: 1, maxLength: 2 }), (frame, more) => {
				const decoded = meshFrames.decode(concat(meshFrames.encode(frame), more));
				expect(decoded.ok).toBe(false);
			}),
			runs,
		);
	});

	it('is read alike with an unknown optional field after it', () => {
		fc.assert(
			fc.property(anyMeshFrame, fc.uint8Array({ maxLength: 20 }), (frame, body) => {
				const odd = concat(meshFrames.encode(frame), new Uint8Array([251, 0, body.length]), body);
				expect(meshFrames.decode(odd)).toEqual({ ok: true, value: frame });
				const even = concat(meshFrames.encode(frame), new Uint8Array([250, 0, body.length]), body);
				expect(meshFrames.decode(even)).toMatchObject({ error: { code: 'unknown-mandatory-field' } });
			}),
			rare,
		);
	});
});

describe('every record inside a frame', () => {
	it.each([
		['a job', jobCore, jobCores],
		['an address', inetAddr, inetAddrs],
		['a sealed reply', sealedReply, sealedReplies],
	])('%s is read as it was written', (_, type, arbitrary) => {
		fc.assert(
			fc.property(arbitrary as fc.Arbitrary<never>, (value) => {
				const bytes = encodeRecord(type as typeof jobCore, value);
				expect(decodeRecord(type as typeof jobCore, bytes)).toEqual({ ok: true, value });
			}),
			rare,
		);
	});
});

describe('bytes of an outsider', () => {
	const decodes = (bytes: Bytes) => {
		for (const table of [meshFrames, directFrames]) {
			const decoded = table.decode(bytes);
			if (!decoded.ok) expect(decoded.error.type).toBe('wire');
		}
	};

	it('never make a decoder throw', () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => decodes(new Uint8Array(bytes))),
			runs,
		);
	});

	it('never make a decoder throw behind a good header', () => {
		const header = fc.constantFrom(...[...meshFrameTypes, ...directFrameTypes].map(({ type }) => type));
		fc.assert(
			fc.property(header, fc.uint8Array({ maxLength: 400 }), (type, body) =>
				decodes(concat(new Uint8Array([1, type]), body)),
			),
			{ ...runs, numRuns: 5_000 },
		);
	});

	it('that are read are written back as the same bytes: a value has one encoding', () => {
		fc.assert(
			fc.property(anyMeshFrame, fc.nat(), fc.nat(255), (frame, at, byte) => {
				const bytes = meshFrames.encode(frame);
				bytes[at % bytes.length] = byte;
				const decoded = meshFrames.decode(bytes);
				if (!decoded.ok) return;
				const again = meshFrames.encode(decoded.value);
				// The one exception: a known optional field whose tag became an unknown odd one is skipped.
				if (again.length === bytes.length) expect(again).toEqual(bytes);
				else expect(meshFrames.decode(again)).toEqual(decoded);
			}),
			runs,
		);
	});
});
