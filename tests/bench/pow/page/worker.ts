import { createSearch } from 'virtual:pow-kernel/javascript';
import { scanWith } from '#lib/pow/block-search.ts';
import { instantiate } from '#lib/pow/worker/load-scan.ts';
import { checkers, firstHashMs, p95OverMean } from '../checks.ts';
import { contestants, type ModuleBytes } from '../contestants.ts';
import type { Measured } from '../figures.ts';
import { SliceRace } from '../slices.ts';
import type { Answer, Question } from './protocol.ts';

const scope = self as unknown as {
	postMessage(answer: Answer): void;
	onmessage: (event: MessageEvent<Question>) => void;
};

interface Prepared {
	readonly race: SliceRace;
	finish(): Promise<Measured>;
}

async function prepare(texts: Readonly<Record<keyof ModuleBytes, string>>): Promise<Prepared> {
	const bytes = (text: string) => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
	const modules: ModuleBytes = {
		simd: bytes(texts.simd),
		scalar: bytes(texts.scalar),
		cap: bytes(texts.cap),
		mcaptcha: bytes(texts.mcaptcha),
		friendly: bytes(texts.friendly),
	};
	const scan = scanWith(await instantiate(modules.simd));
	const race = new SliceRace([...(await contestants(modules, createSearch)), ...checkers(scan)]);
	return {
		race,
		finish: async () => ({
			rates: race.rates(),
			firstHashMs: await firstHashMs(modules.simd),
			p95OverMean: p95OverMean(scan),
		}),
	};
}

let prepared: Promise<Prepared> | undefined;

async function answer(question: Question): Promise<Answer> {
	if (question.kind === 'prepare') prepared = prepare(question.ask);
	const ready = await prepared;
	if (!ready) throw new Error('not prepared');
	if (question.kind === 'run') ready.race.run(question.ask);
	return { answer: question.kind === 'finish' ? await ready.finish() : null };
}

scope.onmessage = ({ data }) =>
	void answer(data)
		.catch((error: unknown): Answer => ({ error: String(error) }))
		.then((reply) => scope.postMessage(reply));
