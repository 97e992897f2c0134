import { code, workgroup } from 'virtual:pow-kernel/wgsl';
import { describe, expect, it } from 'vitest';
import { slowScanWith } from '#lib/pow/block-search.ts';
import { scan as plainScan } from '#lib/pow/kernel.ts';
import { openGraphics } from '#lib/pow/worker/graphics/device.ts';

/** An adapter in software (tests/chromium.ts): where it is missing, this suite fails rather than being skipped. */
const opened = openGraphics({ code, workgroup }, () => undefined).then(slowScanWith);

describe('the kernel on a graphics card', () => {
	it.each([
		['early', 1, 0, 2 ** 20],
		['across the end of the counted word', 0xff, 2 ** 40 + 2 ** 24 - 20_000, 2 ** 19],
		['nowhere', 0, 3, 0],
	])('finds what the plain kernel finds: %s', async (_, fill, start, top) => {
		const preimage = new Uint8Array(55).fill(fill);
		const limit = new Uint8Array(32).fill(0xff);
		new DataView(limit.buffer).setUint32(28, top, true);
		const count = 40_000;
		const scan = await opened;
		const found = await scan(preimage, start, count, limit);
		expect(found).toBe(plainScan(preimage, start, count, limit));
		if (found >= 0) {
			const after = await scan(preimage, found + 1, count, limit);
			expect(after).toBe(plainScan(preimage, found + 1, count, limit));
		}
	});

	it('that cannot be had is refused with the reason', async () => {
		await expect(openGraphics({ code: 'no shader', workgroup }, () => undefined)).rejects.toThrow();
	});
});
