import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
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
import { damaged, runs, seed, timeout, wireCodes } from '../kit/damage.ts';
import { createDice } from '../kit/dice.ts';
import { noon } from '../kit/actors.ts';

const types = [...meshFrameTypes, ...directFrameTypes].map(({ type }) => type);

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
				const bytes = damaged(dice, corpus, types);
				for (const table of [meshFrames, directFrames]) {
					const decoded = table.decode(bytes);
					if (decoded.ok) accepted++;
					else if (!wireCodes.has(decoded.error.code))
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
				const decoded = decodeRecord(record, damaged(dice, corpus, types));
				if (decoded.ok) accepted++;
				else if (!wireCodes.has(decoded.error.code))
					expect.fail(`run ${run}: ${JSON.stringify(decoded.error)}`);
			}
			expect(accepted).toBeGreaterThan(0);
		},
		timeout,
	);
});
