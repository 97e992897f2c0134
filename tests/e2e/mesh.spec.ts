import { openLiveMesh, type LiveShape } from '../mesh/live-mesh.ts';
import { expect, test } from './fixtures.ts';

/** Sixty handshakes at once, and as many again, take a slow machine a while. */
const patienceMs = 120_000;

const isWhole = ({ components, minLinks }: LiveShape) => components === 1 && minLinks >= 4;

test('sixty peers in six tabs become one mesh, and one again when half of the tabs vanish', async ({
	browser,
}) => {
	test.setTimeout(2 * patienceMs + 60_000);
	const mesh = await openLiveMesh(browser);
	await mesh.open(6, 10);
	await mesh.until(isWhole, patienceMs);
	expect((await mesh.shape()).maxLinks).toBeLessThanOrEqual(8);
	await mesh.kill(0.5);
	await mesh.until((shape) => shape.peers === 30 && isWhole(shape), patienceMs);
	await mesh.close();
});
