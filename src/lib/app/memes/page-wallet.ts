import type { Wallet } from '#lib/channel/ports.ts';
import type { ChainChoice, WalletAnswer, WalletRequest } from './protocol.ts';

/** The Worker's side of the wallet, which lives in the page: a question each, answered when the person decided. */
export function createPageWallet(ask: (id: number, request: WalletRequest) => void): {
	wallet(choice: ChainChoice): Wallet;
	answer(id: number, answer: WalletAnswer): void;
} {
	const pending = new Map<number, (answer: WalletAnswer) => void>();
	let next = 1;
	const asked = (request: WalletRequest): Promise<WalletAnswer> =>
		new Promise((resolve) => {
			const id = next++;
			pending.set(id, resolve);
			ask(id, request);
		});
	return {
		wallet: (choice) => ({
			submit: (call, from) => asked({ kind: 'submit', choice, call, from }) as ReturnType<Wallet['submit']>,
			sign: (message, from) => asked({ kind: 'sign', choice, message, from }) as ReturnType<Wallet['sign']>,
		}),
		answer(id, answer) {
			pending.get(id)?.(answer);
			pending.delete(id);
		},
	};
}
