import { openLiveMesh, type LiveMesh } from '../mesh/live-mesh.ts';
import { expect, test } from './fixtures.ts';

/** Far beyond what is hoped for: real handshakes of sixty peers share this machine. */
const patienceMs = 90_000;

test('sixty peers in six tabs are one mesh, and one again after half of the tabs closed without a word', async ({
	browser,
}) => {
	test.setTimeout(240_000);
	const mesh: LiveMesh = await openLiveMesh(browser);
	for (let i = 0; i < 6; i++) await mesh.open(10);
	const whole = ({ components, minLinks }: { components: number; minLinks: number }) =>
		components === 1 && minLinks >= 4;
	await mesh.until(whole, patienceMs);
	const before = await mesh.shape();
	expect(before.peers).toBe(60);
	expect(before.maxLinks).toBeLessThanOrEqual(8);

	await mesh.kill(0.5);
	const healMs = await mesh.until(whole, patienceMs);
	const after = await mesh.shape();
	expect(after.peers).toBe(30);
	expect(after.maxLinks).toBeLessThanOrEqual(8);
	test.info().annotations.push({ type: 'healed after', description: `${healMs} ms` });
	await mesh.close();
});
