import type { Bytes } from '#lib/core/brand.ts';
import { err, type Result } from '#lib/core/result.ts';
import { initialMemes, initialStudio } from './initial.ts';
import type { MemeLinks, Memes, MemesDeps } from './memes.ts';
import type {
	MemesCommandError,
	MemesCommandName,
	MemesCommands,
	MemesView,
	StudioView,
} from './protocol.ts';

/** This half as the node holds it: its code is loaded once something is kept or asked. */
export interface MemesHost {
	/** This tab keeps the records from now on, and holds the person's seed. */
	keep(seed: Bytes): void;
	links(): MemeLinks | undefined;
	command<K extends MemesCommandName>(
		name: K,
		args: MemesCommands[K]['args'],
	): Promise<Result<MemesCommands[K]['answer'], MemesCommandError>>;
	memes(): MemesView;
	studio(): StudioView;
	visible(visible: boolean): void;
	stop(): void;
}

const refuse = (code: MemesCommandError['code'], detail: string) =>
	err({ type: 'command', code, detail } as const);

export function createMemesHost(deps: Omit<MemesDeps, 'seed'>): MemesHost {
	let loaded: Memes | undefined;
	let loading: Promise<Memes | undefined> | undefined;
	let stopped = false;
	let open: (seed: Bytes) => void = () => {};
	const opened = new Promise<Bytes>((resolve) => (open = resolve));

	async function load(): Promise<Memes | undefined> {
		const [seed, { startMemes }] = await Promise.all([opened, import('./memes.ts')]);
		const started = await startMemes({ ...deps, seed });
		if (!started.ok) {
			deps.onstorefailure(started.error);
			return undefined;
		}
		if (stopped) started.value.stop();
		else loaded = started.value;
		deps.changed('memes', 'studio');
		return loaded;
	}
	const wanted = () => (loading ??= load());

	return {
		keep(seed) {
			open(seed);
			void deps.store.any().then((any) => {
				if (any.ok && any.value && !stopped) void wanted();
			});
		},
		links: () => loaded?.links,
		async command(name, args) {
			const memes = await wanted();
			return memes ? memes.command(name, args) : refuse('not-ready', 'the node has stopped');
		},
		memes: () => loaded?.view() ?? initialMemes,
		studio: () => loaded?.studioView() ?? initialStudio,
		visible: (visible) => loaded?.visible(visible),
		stop() {
			stopped = true;
			loaded?.stop();
		},
	};
}
