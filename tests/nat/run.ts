import { createInterface } from 'node:readline';
import type { IceServer } from '#lib/webrtc/ports.ts';
import { createLab, stun, turn, type Lab, type Router } from './lab.ts';
import type { Word } from './peer.ts';

/** `npm run test:nat`: what becomes of a connection behind real routers. Root, nftables and coturn needed. */
interface Case {
	readonly name: string;
	readonly routers: { readonly a: Router; readonly b: Router };
	readonly iceServers: readonly IceServer[];
	readonly relayOnly?: boolean;
	readonly expected: 'direct' | 'relayed' | 'never opens' | 'no-candidates';
	/** Kinds of candidates that the peer at home `a` must offer, all of them and no others. */
	readonly candidates: readonly string[];
}

const [keeps, symmetric, blocked] = ['port-preserving', 'symmetric', 'udp-blocked'] as const;

const cases: readonly Case[] = [
	{
		name: 'no server at all',
		routers: { a: keeps, b: keeps },
		iceServers: [],
		expected: 'never opens',
		candidates: ['host'],
	},
	{
		name: 'port-preserving with STUN',
		routers: { a: keeps, b: keeps },
		iceServers: [stun],
		expected: 'direct',
		candidates: ['host', 'srflx'],
	},
	{
		name: 'symmetric with STUN only',
		routers: { a: symmetric, b: symmetric },
		iceServers: [stun],
		expected: 'never opens',
		candidates: ['host', 'srflx'],
	},
	{
		name: 'symmetric with TURN',
		routers: { a: symmetric, b: symmetric },
		iceServers: [stun, turn],
		expected: 'relayed',
		candidates: ['host', 'relay', 'srflx'],
	},
	{
		name: 'UDP blocked on one side',
		routers: { a: blocked, b: keeps },
		iceServers: [stun, turn],
		expected: 'never opens',
		candidates: ['host'],
	},
	{
		name: 'relay-only offers relay candidates only',
		routers: { a: keeps, b: keeps },
		iceServers: [stun, turn],
		relayOnly: true,
		expected: 'relayed',
		candidates: ['relay'],
	},
	{
		name: 'relay-only without an answer from TURN offers nothing',
		routers: { a: blocked, b: keeps },
		iceServers: [stun, turn],
		relayOnly: true,
		expected: 'no-candidates',
		candidates: [],
	},
];

/** Long enough for every check of ICE; a pair that has not opened by then never will, ms. */
const patienceMs = 20_000;

function startPeer(lab: Lab, home: 'a' | 'b', side: 'caller' | 'callee', { iceServers, relayOnly }: Case) {
	const setup = JSON.stringify([side, { iceServers, relayOnly: relayOnly ?? false }]);
	const child = lab.spawn(home, process.execPath, [new URL('./peer.ts', import.meta.url).pathname, setup]);
	const words: Word[] = [];
	const waiting = new Set<() => void>();
	createInterface({ input: child.stdout! }).on('line', (line) => {
		words.push(JSON.parse(line) as Word);
		for (const look of [...waiting]) look();
	});
	return {
		/** The first word of this kind; undefined when the connection closed before it, or nothing came in time. */
		word: <K extends Word['kind']>(kind: K) =>
			new Promise<Extract<Word, { kind: K }> | undefined>((resolve) => {
				const end = (value?: Extract<Word, { kind: K }>) => {
					waiting.delete(look);
					clearTimeout(timer);
					resolve(value);
				};
				const look = () => {
					const found = words.find((word) => word.kind === kind);
					if (found) end(found as Extract<Word, { kind: K }>);
					else if (words.some((word) => word.kind === 'closed')) end();
				};
				const timer = setTimeout(end, patienceMs);
				waiting.add(look);
				look();
			}),
		closed: () => words.find((word) => word.kind === 'closed')?.code,
		signal: (hex: string) => child.stdin!.write(`${hex}\n`),
		stop: () => child.kill('SIGKILL'),
	};
}

async function outcome(lab: Lab, test: Case): Promise<{ result: string; candidates: readonly string[] }> {
	const [a, b] = [startPeer(lab, 'a', 'caller', test), startPeer(lab, 'b', 'callee', test)];
	try {
		const offer = await a.word('description');
		if (!offer) return { result: a.closed() ?? 'no description', candidates: [] };
		const candidates = [...new Set(offer.candidates)].sort();
		b.signal(offer.hex);
		const answer = await b.word('description');
		if (!answer) return { result: b.closed() ?? 'no answer', candidates };
		a.signal(answer.hex);
		const [atA, atB] = await Promise.all([a.word('heard'), b.word('heard')]);
		const result =
			!atA || !atB ? 'never opens' : [atA.route, atB.route].includes('relayed') ? 'relayed' : 'direct';
		return { result, candidates };
	} finally {
		a.stop();
		b.stop();
	}
}

let failed = 0;
for (const test of cases) {
	const lab = await createLab(test.routers);
	const started = performance.now();
	const { result, candidates } = await outcome(lab, test).finally(() => lab.close());
	const ok = result === test.expected && candidates.join() === [...test.candidates].sort().join();
	if (!ok) failed += 1;
	const seconds = ((performance.now() - started) / 1_000).toFixed(1);
	console.log(
		`${ok ? '✓' : '✗'} ${test.name}: ${result}, offers ${candidates.join(' ') || 'nothing'} (${seconds} s)`,
	);
	if (!ok) console.log(`  expected ${test.expected}, offers ${test.candidates.join(' ') || 'nothing'}`);
}
console.log(`${cases.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
