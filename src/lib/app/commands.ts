import type { Millis } from '#lib/core/brand.ts';
import { utf8 } from '#lib/core/bytes.ts';
import type { Result } from '#lib/core/result.ts';
import type { EngineCommandName, EngineCommands } from '#lib/gossip/command.ts';
import type { Effect } from '#lib/gossip/effect.ts';
import type { Engine } from '#lib/gossip/engine.ts';
import type { StoreError } from '#lib/store/port.ts';
import type { Keys } from './keys/keys.ts';
import { isKeysCommand, type KeysCommandName } from './keys/protocol.ts';
import { isMemesCommand } from './memes/initial.ts';
import type { MemesHost } from './memes/host.ts';
import { isInviteCommand, type InviteMessage } from './invite-desk.ts';
import type { CommandMessage, FromNode, PlainCommandCode, Settings } from './protocol.ts';
import { parseSettings } from './settings.ts';
import type { Cashier } from './wallet/cashier.ts';
import { isWalletCommand, type WalletCommandName } from './wallet/protocol.ts';

type Answer = Extract<FromNode, { type: 'answer' }>;

export interface CommandPorts {
	readonly engine: Pick<Engine, 'command' | 'estimate'>;
	/** The keeper's keys; undefined until they are read. */
	keys(): Keys | undefined;
	/** The keeper's wallet; undefined until it is read. */
	cashier(): Cashier | undefined;
	readonly memes: Pick<MemesHost, 'command'>;
	now(): Millis;
	/** Resolves when everything the effects wanted written is durable. */
	run(effects: readonly Effect[]): Promise<void>;
	applySettings(settings: Settings): Promise<Result<null, StoreError>>;
	erase(): Promise<Result<null, StoreError>>;
	invite(message: InviteMessage): Promise<unknown>;
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

	async function keysCommand(asked: KeysMessage): Promise<Answer> {
		const keys = ports.keys();
		if (!keys) return refuse('not-ready', 'the keys are not read yet');
		const outcome = await keys.command(asked.name, asked.args);
		if (outcome.ok) return done(outcome.value);
		const { code, detail } = outcome.error;
		if (code === 'storage' || code === 'locked') return refuse(code, detail);
		return { type: 'answer', id, ok: false, error: { type: 'command', code: 'keys', cause: code, detail } };
	}

	async function walletCommand(asked: WalletMessage): Promise<Answer> {
		const cashier = ports.cashier();
		if (!cashier) return refuse('not-ready', 'the wallet is not read yet');
		const outcome = await cashier.command(asked.name, asked.args);
		if (outcome.ok) return done(outcome.value);
		const { code: cause, detail } = outcome.error;
		return { type: 'answer', id, ok: false, error: { type: 'command', code: 'wallet', cause, detail } };
	}

	if (isInviteCommand(message)) return done(await ports.invite(message));
	switch (message.name) {
		case 'estimate':
			return done(ports.engine.estimate(message.args.topic, utf8(message.args.message).length, ports.now()));
		case 'saveSettings':
			return settle(await ports.applySettings(parseSettings(message.args)));
		case 'eraseAll':
			return settle(await ports.erase());
		default: {
			if (isKeysMessage(message)) return keysCommand(message);
			if (isWalletMessage(message)) return walletCommand(message);
			if (ports.keys()?.view().state === 'locked') return refuse('locked', 'unlock the keys first');
			if (isMemesCommand(message.name)) {
				const answer = await ports.memes.command(message.name, message.args as never);
				return answer.ok ? done(answer.value) : refuse(answer.error.code, answer.error.detail);
			}
			const { result, effects } = ports.engine.command(
				message.name satisfies EngineCommandName,
				message.args as EngineCommands[EngineCommandName]['args'],
				ports.now(),
			);
			await ports.run(effects);
			if (!result.ok) return refuse(result.error.code, result.error.detail);
			return ports.stopped() ? refuse('storage', 'it could not be written to disk') : done(result.value);
		}
	}
}

type KeysMessage = Extract<CommandMessage, { name: KeysCommandName }>;

const isKeysMessage = (message: CommandMessage): message is KeysMessage => isKeysCommand(message.name);

type WalletMessage = Extract<CommandMessage, { name: WalletCommandName }>;

const isWalletMessage = (message: CommandMessage): message is WalletMessage => isWalletCommand(message.name);
