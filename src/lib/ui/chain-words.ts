import type { ChainError } from '#lib/channel/ports.ts';
import { chainWords } from './i18n/en-chain.ts';
import { tMemes } from './i18n/memes.ts';

type Reason = Extract<keyof typeof chainWords, `reason.${string}`>;

const isReason = (key: string): key is Reason => Object.hasOwn(chainWords, key);

/** What happened and what to do about it, in words. `chain` is the name of the chain that is wanted. */
export function chainSentence(
	{ code, reason }: Pick<ChainError, 'code' | 'reason'>,
	chain: string,
): { readonly cause: string; readonly next: string } {
	const key = `reason.${reason ?? ''}`;
	const cause = isReason(key) ? tMemes(key) : tMemes(`chain.${code}`);
	return {
		cause,
		next: code === 'wrong-chain' ? tMemes('chain.wrong-chain-next', { chain }) : tMemes(`chain.${code}-next`),
	};
}
