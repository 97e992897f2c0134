import type { KeysCommandName, KeysCommands } from '#lib/app/keys/protocol.ts';
import { useUi } from './context.ts';
import { tKeys } from './i18n/keys.ts';
import { tRefusal } from './i18n/refusals.ts';

/**
 * Gives a component a `run` for commands about keys. It resolves to the answer, or to the sentence to show beside
 * the field that caused the refusal. Call it while the component is created.
 */
export function useKeysCommand(): <K extends KeysCommandName>(
	name: K,
	args: KeysCommands[K]['args'],
) => Promise<{ answer: KeysCommands[K]['answer'] } | { problem: string }> {
	const { node } = useUi();
	return async (name, args) => {
		const result = await node.command(name, args);
		if (result.ok) return { answer: result.value };
		const { error } = result;
		if (error.code === 'keys') return { problem: tKeys(`keys.problem-${error.cause}`) };
		// No command about keys asks the wallet.
		return { problem: error.code === 'wallet' ? error.detail : tRefusal(`refusal.${error.code}`) };
	};
}
