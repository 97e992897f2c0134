import type { Millis } from '#lib/core/brand.ts';
import { toHex, utf8 } from '#lib/core/bytes.ts';
import type { Result } from '#lib/core/result.ts';
import type { EngineCommandName } from '#lib/gossip/command.ts';
import type { Effect } from '#lib/gossip/effect.ts';
import type { Engine } from '#lib/gossip/engine.ts';
import type { RecordStore, StoreError } from '#lib/store/port.ts';
import type { CommandMessage, FromNode, PlainCommandCode, Settings } from './protocol.ts';
import { parseSettings } from './settings.ts';

type Answer = Extract<FromNode, { type: 'answer' }>;

export interface CommandPorts {
	readonly engine: Pick<Engine, 'command' | 'estimate'>;
	readonly store: Pick<RecordStore, 'dump'>;
	now(): Millis;
	/** Resolves when everything the effects wanted written is durable. */
	run(effects: readonly Effect[]): Promise<void>;
	applySettings(settings: Settings): Promise<Result<null, StoreError>>;
	erase(): Promise<Result<null, StoreError>>;
	/** A write failed or the node was stopped meanwhile: what was asked is not acknowledged. */
	stopped(): boolean;
}

/** Executes one command of the page. Its answer leaves only after what it changed is on disk. */
export async function executeCommand(message: CommandMessage, ports: CommandPorts): Promise<Answer> {
	const { id } = message;
	const done = (value: unknown): Answer => ({ type: 'answer', id, ok: true, value });
	const refuse = (code: PlainCommandCode, detail: string): Answer => ({
		type: 'answer',
		id,
		ok: false,
		error: { type: 'command', code, detail },
	});
	const settle = (result: Result<unknown, StoreError>): Answer =>
		result.ok ? done(result.value) : refuse('storage', result.error.detail);

	switch (message.name) {
		case 'estimate':
			return done(ports.engine.estimate(message.args.topic, utf8(message.args.message).length, ports.now()));
		case 'saveSettings':
			return settle(await ports.applySettings(parseSettings(message.args)));
		case 'exportData': {
			const dump = await ports.store.dump();
			return dump.ok
				? done({
						json: JSON.stringify(
							dump.value,
							(_key, value: unknown) => (value instanceof Uint8Array ? toHex(value) : value),
							2,
						),
					})
				: settle(dump);
		}
		case 'eraseAll':
			return settle(await ports.erase());
		case 'connectWallet':
		case 'disconnectWallet':
		case 'setSpending':
		case 'stopPayments':
		case 'confirmPayment':
		case 'enterPreimage':
		case 'payInvoice':
		case 'requestPayment':
		case 'refreshWallet':
			return refuse('not-ready', 'no wallet in this build');
		default: {
			const { result, effects } = ports.engine.command(
				message.name satisfies EngineCommandName,
				message.args,
				ports.now(),
			);
			await ports.run(effects);
			if (!result.ok) return refuse(result.error.code, result.error.detail);
			return ports.stopped() ? refuse('storage', 'it could not be written to disk') : done(result.value);
		}
	}
}
