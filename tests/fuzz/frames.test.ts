import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Bytes } from '#lib/core/brand.ts';
import { concat } from '#lib/core/bytes.ts';
import type { WireErrorCode } from '#lib/core/wire/error.ts';
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
import { broadcastDigest } from '#lib/gossip/wire/favour-cookie.ts';
import { checkJobTimes, readJob } from '#lib/gossip/wire/job.ts';
import { anyDirectFrame, anyMeshFrame, inetAddrs, jobCores, sealedReplies } from '../kit/arbitrary-frames.ts';
import { createDice, type Dice } from '../kit/dice.ts';
import { noon } from '../kit/actors.ts';

/** `FUZZ_SEED=7 FUZZ_RUNS=1000000` repeats or prolongs a run. */
const seed = Number(process.env['FUZZ_SEED'] ?? 1);
const runs = Number(process.env['FUZZ_RUNS'] ?? 200_000);

/** Ample on a busy machine: 1 ms a run. */
const timeout = 10_000 + runs;

const codes = new Set<string>([
	'too-long',
	'truncated',
	'trailing-bytes',
	'unsupported-version',
	'unknown-type',
	'unknown-mandatory-field',
	'fields-out-of-order',
	'bad-value',
] satisfies WireErrorCode[]);

const interesting = [0, 1, 2, 0x7f, 0x80, 0xff];
const types = [...meshFrameTypes, ...directFrameTypes].map(({ type }) => type);

/** One small damage, of the kinds that break parsers. */
function damage(dice: Dice, bytes: Bytes, others: readonly Bytes[]): Bytes {
	const at = dice.below(Math.max(1, bytes.length));
	switch (dice.below(10)) {
		case 0:
			return bytes.with(at, (bytes[at] ?? 0) ^ (1 << dice.below(8)));
		case 1:
			return bytes.with(at, dice.pick(interesting));
		case 2:
			return bytes.with(at, dice.below(256));
		case 3:
			return bytes.slice(0, at);
		case 4:
			return concat(bytes, dice.bytes(1 + dice.below(16)));
		case 5:
			return concat(bytes.subarray(0, at), dice.bytes(1 + dice.below(8)), bytes.subarray(at));
		case 6:
			return concat(bytes.subarray(0, at), bytes.subarray(Math.min(bytes.length, at + 1 + dice.below(8))));
		case 7:
			return concat(bytes.subarray(0, at), dice.pick(others).subarray(at));
		case 8:
			return bytes.with(Math.min(1, bytes.length - 1), dice.pick(types));
		default: {
			const length = bytes.slice();
			new DataView(length.buffer).setUint16(
				Math.min(at, Math.max(0, bytes.length - 2)),
				dice.below(0x1_0000),
			);
			return length;
		}
	}
}

const mutated = (dice: Dice, corpus: readonly Bytes[]): Bytes => {
	let bytes = dice.pick(corpus);
	for (let times = 1 + dice.below(3); times > 0 && bytes.length > 1; times--)
		bytes = damage(dice, bytes, corpus);
	return bytes;
};

describe(`fuzzing with seed ${seed}`, () => {
	it(
		`reads ${runs} damaged frames without one untyped error`,
		() => {
			console.log(`frames fuzz: FUZZ_SEED=${seed} FUZZ_RUNS=${runs}`);
			const dice = createDice(seed);
			const corpus = [
				...fc.sample(anyMeshFrame, { seed, numRuns: 200 }).map((frame) => meshFrames.encode(frame)),
				...fc.sample(anyDirectFrame, { seed, numRuns: 100 }).map((frame) => directFrames.encode(frame)),
				...fc.sample(jobCores, { seed, numRuns: 30 }).map((core) =>
					meshFrames.encode({
						kind: 'Broadcast',
						favourNumber: '0011223344556677',
						favourTimestamp: noon,
						complexity: 0,
						proof: new Uint8Array(0),
						ttl: 3,
						core: encodeRecord(jobCore, core),
						signature: new Uint8Array(64),
					}),
				),
			];
			let accepted = 0;
			for (let run = 0; run < runs; run++) {
				const bytes = mutated(dice, corpus);
				for (const table of [meshFrames, directFrames]) {
					const decoded = table.decode(bytes);
					if (decoded.ok) accepted++;
					else if (!codes.has(decoded.error.code))
						expect.fail(`run ${run}: ${JSON.stringify(decoded.error)}`);
				}
				const frame = meshFrames.decode(bytes);
				if (!frame.ok) continue;
				// What was accepted can be sent on, and says the same to the next reader.
				const again = meshFrames.decode(meshFrames.encode(frame.value));
				if (!again.ok) expect.fail(`run ${run}: ${frame.value.kind} cannot be passed on`);
				if (frame.value.kind !== 'Broadcast') continue;
				if (broadcastDigest(bytes).length !== 32) expect.fail(`run ${run}: no digest`);
				const core = readJob(frame.value.core);
				if (core.ok) checkJobTimes(core.value, noon);
				else if (core.error.code !== 'unreadable') expect.fail(`run ${run}: ${JSON.stringify(core.error)}`);
			}
			// A fuzzer that never gets past the header tests nothing.
			expect(accepted).toBeGreaterThan(runs / 50);
		},
		timeout,
	);

	it.each([
		['jobs', jobCore, jobCores],
		['addresses', inetAddr, inetAddrs],
		['sealed replies', sealedReply, sealedReplies],
	])(
		'reads damaged %s without one untyped error',
		(_, type, arbitrary) => {
			const dice = createDice(seed);
			const record = type as typeof jobCore;
			const samples = fc.sample(arbitrary as fc.Arbitrary<never>, { seed, numRuns: 60 });
			const corpus = samples.map((value) => encodeRecord(record, value));
			let accepted = 0;
			for (let run = 0; run < runs / 20; run++) {
				const decoded = decodeRecord(record, mutated(dice, corpus));
				if (decoded.ok) accepted++;
				else if (!codes.has(decoded.error.code)) expect.fail(`run ${run}: ${JSON.stringify(decoded.error)}`);
			}
			expect(accepted).toBeGreaterThan(0);
		},
		timeout,
	);
});
