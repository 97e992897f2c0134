import { parseArgs } from 'node:util';
import { chromium } from 'playwright';
import { chromiumLaunch } from '../chromium.ts';
import { percentile } from '../simulation/overlay/measure.ts';
import { openLiveMesh } from './live-mesh.ts';

/**
 * `npm run test:mesh:live`: 200 real peers in 8 tabs of one Chromium, one component; half of the tabs are closed without
 * a word; one component again. The last line is the result; exits with 1 when it did not come to be.
 */
const { values } = parseArgs({
	options: { tabs: { type: 'string', default: '8' }, peers: { type: 'string', default: '25' } },
});
const [tabs, peers] = [Number(values.tabs), Number(values.peers)];
/** Far beyond what is hoped for: a busy machine computes two hundred peers' handshakes slowly. */
const patienceMs = 300_000;

const browser = await chromium.launch(chromiumLaunch());
const mesh = await openLiveMesh(browser);
try {
	await mesh.open(tabs, peers);
	const joinMs = await mesh.until(
		({ components, minLinks }) => components === 1 && minLinks >= 4,
		patienceMs,
	);
	const before = await mesh.shape();
	const states = await mesh.states();
	const reached = (links: number) => states.map((state) => state.reached[links - 1] ?? Infinity);
	const relayEventsPerJoin = mesh.relay.stats().accepted / (tabs * peers);
	await mesh.kill(0.5);
	const healMs = await mesh.until(
		({ components, minLinks }) => components === 1 && minLinks >= 4,
		patienceMs,
	);
	console.log(
		JSON.stringify({
			peers: before.peers,
			joinMs,
			before,
			firstLinkP50Ms: percentile(reached(1), 0.5),
			threeLinksP95Ms: percentile(reached(3), 0.95),
			relayEventsPerJoin: Math.round(relayEventsPerJoin * 100) / 100,
			healMs,
			after: await mesh.shape(),
		}),
	);
} catch (error) {
	console.error(error);
	process.exitCode = 1;
} finally {
	await mesh.close();
	await browser.close();
}
