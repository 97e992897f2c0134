import { contest, type Figures } from './mesh/contest.ts';
import { servePage } from '../mesh/build-page.ts';

/**
 * `npm run bench:mesh -- [--json] [--tabs 8,16,20]`: tabs that join this mesh beside tabs that join a full mesh of
 * trystero, at the same relay, in the same browser, one after the other. Nothing here fails on a slow machine: it only
 * prints.
 */
const asJson = process.argv.includes('--json');
const list = process.argv[process.argv.indexOf('--tabs') + 1];
const sizes = process.argv.includes('--tabs') && list ? list.split(',').map(Number) : [8, 16, 20];

const served = await servePage(new URL('./mesh/page/', import.meta.url));
const figures: Figures[] = [];
const say = (text: string) => {
	if (!asJson) console.log(text);
};
for (const tabs of sizes)
	for (const contestant of ['sweet', 'trystero'] as const) {
		const result = await contest(contestant, tabs, served.url);
		figures.push(result);
		say(
			`${contestant.padEnd(8)} ${tabs} tabs: joined in ${result.joinMs} ms, first link ${result.firstLinkP50Ms} ms, ${result.relayEvents} relay events, ${result.cpuSeconds} CPU s, ${result.memoryMbPerTab} MB a tab, ${result.minLinks} to ${result.maxLinks} links`,
		);
	}
await served.close();

const ratios = sizes.map((tabs) => {
	const [own, other] = (['sweet', 'trystero'] as const).map((name) =>
		figures.find((each) => each.tabs === tabs && each.contestant === name),
	);
	if (!own || !other) throw new Error(`no figures for ${tabs} tabs`);
	const ratio = (of: keyof Figures) => Math.round((100 * Number(other[of])) / Number(own[of])) / 100;
	return {
		tabs,
		cpuRatio: ratio('cpuSeconds'),
		relayEventsRatio: ratio('relayEvents'),
		firstLinkRatio: ratio('firstLinkP50Ms'),
		memoryRatio: ratio('memoryMbPerTab'),
	};
});
for (const { tabs, cpuRatio, relayEventsRatio, firstLinkRatio } of ratios)
	say(
		`${tabs} tabs, trystero over this: ${cpuRatio}x CPU, ${relayEventsRatio}x relay events, ${firstLinkRatio}x time to the first link`,
	);
console.log(JSON.stringify({ figures, ratios }));
