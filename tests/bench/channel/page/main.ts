import type { Runner } from './contestant.ts';
import { openDisk } from './disk.ts';
import { Link } from './link.ts';
import { runNitro } from './nitro.ts';
import { runOnChain } from './on-chain.ts';
import type { Heat, HeatFigures, Role } from './protocol.ts';
import { runSweet } from './sweet.ts';

/** One of two tabs that play the same rounds by each protocol in turn. */
let link: Link | undefined;
let runner: Runner | undefined;
let result: Promise<HeatFigures> | undefined;
const disk = openDisk();

globalThis.dial = () => (link = new Link(true)).offer();
globalThis.answer = (offer) => (link = new Link(false)).answer(offer);
globalThis.accept = async (answer) => {
	if (answer === '') await link?.opened();
	else await link?.accept(answer);
};

globalThis.prepare = async (role: Role, heat: Heat) => {
	const wire = link;
	if (!wire) throw new Error('there is no link');
	const kept = await disk;
	const sentBefore = wire.bytesSent;
	result = new Promise((resolve, reject) => {
		let started = performance.now();
		let first = true;
		const course = {
			role,
			heat,
			disk: kept,
			send: (bytes: Parameters<Link['send']>[0]) => {
				wire.send(bytes);
			},
			done: () => {
				resolve({ ms: performance.now() - started, bytesSent: wire.bytesSent - sentBefore });
			},
		};
		addEventListener('unhandledrejection', ({ reason }) => {
			reject(reason instanceof Error ? reason : new Error(String(reason)));
		});
		runner = start(course);
		wire.onmessage = (bytes) => {
			if (first) started = performance.now();
			first = false;
			runner?.take(bytes);
		};
	});
};
globalThis.go = () => runner?.go();
globalThis.raceResult = () => result ?? Promise.reject(new Error('no heat'));

function start(course: Parameters<typeof runSweet>[0]): Runner {
	switch (course.heat.contestant) {
		case 'sweet':
			return runSweet(course);
		case 'nitro':
			return runNitro(course, true);
		case 'nitroTurns':
			return runNitro(course, false);
		case 'onChain':
			return runOnChain(course);
	}
}
