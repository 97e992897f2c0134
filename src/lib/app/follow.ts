import type { Clock } from '#lib/core/clock.ts';
import { isKeysCommand } from './keys/protocol.ts';
import type { KeeperMessage, SharedSlice, TabsPort } from './keeper.ts';
import type { CommandMessage, FromNode, PlainCommandCode, Slices } from './protocol.ts';

type Answer = Extract<FromNode, { type: 'answer' }>;

const refused = (id: number, code: PlainCommandCode, detail: string): Answer => ({
	type: 'answer',
	id,
	ok: false,
	error: { type: 'command', code, detail },
});

/** How long a follower waits for the keeper's answer, ms. Longer than a strict write on a slow disk. */
const answerWithin = 8_000;
/** The same for what stretches a passphrase or packs everything, on a slow phone. */
const keysAnswerWithin = 60_000;

/** The follower's side: mirrors the keeper's slices and passes commands on. */
export function followKeeper(
	tabs: TabsPort,
	clock: Clock,
	me: string,
	onslice: (name: SharedSlice, value: Slices[SharedSlice]) => void,
): { command(message: CommandMessage): Promise<Answer>; stop(): void } {
	const pending = new Map<number, (answer: Answer) => void>();
	const unlisten = tabs.listen((message) => {
		if (message.type === 'slice') onslice(message.name, message.value);
		if (message.type === 'answer' && message.to === me) pending.get(message.message.id)?.(message.message);
	});
	tabs.post({ type: 'show' });
	return {
		command(message) {
			return new Promise((resolve) => {
				const within = isKeysCommand(message.name) ? keysAnswerWithin : answerWithin;
				const cancel = clock.after(within, () =>
					settle(refused(message.id, 'no-keeper', 'the tab that keeps your jobs does not answer')),
				);
				const settle = (answer: Answer) => {
					cancel();
					pending.delete(message.id);
					resolve(answer);
				};
				pending.set(message.id, settle);
				tabs.post({ type: 'command', from: me, message });
			});
		},
		stop: unlisten,
	};
}

/** The keeper's side: shows its slices to whoever asks and executes followers' commands. */
export function serveFollowers(
	tabs: TabsPort,
	execute: (message: CommandMessage) => Promise<Answer>,
	show: () => void,
): () => void {
	return tabs.listen((message: KeeperMessage) => {
		if (message.type === 'show') show();
		if (message.type === 'command') {
			void execute(message.message)
				// A tab of another version may ask for what this one does not know.
				.catch((error: unknown) => refused(message.message.id, 'not-ready', String(error)))
				.then((answer) => tabs.post({ type: 'answer', to: message.from, message: answer }));
		}
	});
}
