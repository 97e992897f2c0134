import type { CommandName, Commands } from '#lib/app/protocol.ts';
import { useUi } from './context.ts';

/**
 * Gives a component a `run` that sends a command and tells the person when it is refused.
 * It resolves to the answer, or `undefined` after a refusal. Call it while the component is created.
 */
export function useCommand(): <K extends CommandName>(
	name: K,
	args: Commands[K]['args'],
) => Promise<Commands[K]['answer'] | undefined> {
	const { node, toasts } = useUi();
	return async (name, args) => {
		const result = await node.command(name, args);
		if (result.ok) return result.value;
		const { error } = result;
		if (error.code === 'wallet') {
			const { tWallet } = await import('./i18n/wallet.ts');
			toasts.problem(tWallet(`trouble.${error.cause}`));
		} else if (error.code === 'keys') {
			const { tKeys } = await import('./i18n/keys.ts');
			toasts.problem(tKeys(`keys.problem-${error.cause}`));
		} else {
			const { tRefusal } = await import('./i18n/refusals.ts');
			toasts.problem(tRefusal(`refusal.${error.code}`));
		}
		return undefined;
	};
}
