import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startStaticServer } from '../../network/static-server.ts';
import { startBrowser } from './browser.ts';
import { check, Promises, work } from './person.ts';

/**
 * Kills a whole Chromium (`kill -9`) at random moments while it posts jobs and changes the passphrase of the keys, and
 * looks after each restart whether everything that was acknowledged is there: `npm run test:crash -- --kills 20 --json`
 * on a built app. Exits with 1 when anything is missing.
 */
const { values } = parseArgs({
	options: { kills: { type: 'string', default: '20' }, json: { type: 'boolean', default: false } },
});
const kills = Number(values.kills);

const server = await startStaticServer({
	root: 'build',
	port: 0,
	config: { network: 'crash', relays: [], iceServers: [], parameters: {} },
});
if (!server.ok) throw new Error(server.error.detail);
const { url } = server.value;
const profile = mkdtempSync(join(tmpdir(), 'sweet-crash-'));
const promises = new Promises();
const totals = { kills: 0, acknowledged: 0, passphrases: 0, lost: 0, shut: 0 };

for (let turn = 0; turn <= kills; turn++) {
	const browser = await startBrowser(profile);
	const { page } = browser;
	const found = await check(page, url, promises).catch(async (error: unknown) => {
		await browser.kill();
		throw error;
	});
	totals.lost += found.lost.length;
	totals.shut += Number(found.shut);
	if (turn === kills || found.shut) {
		await browser.kill();
		break;
	}
	const before = promises.passphrase;
	const working = work(page, promises).catch(() => undefined);
	await new Promise((resolve) => setTimeout(resolve, 500 + Math.random() * 9_500));
	await browser.kill();
	await working;
	totals.kills++;
	totals.passphrases += Number(promises.passphrase !== before);
	totals.acknowledged = promises.jobs.length;
	if (!values.json) console.log(JSON.stringify(totals));
}
rmSync(profile, { recursive: true, force: true });
await server.value.close();
console.log(JSON.stringify(totals));
process.exitCode = totals.lost + totals.shut === 0 ? 0 : 1;
