import type { NodeStore } from '../node.svelte.ts';
import type { Evm } from './evm.svelte.ts';

/** Holds the page's Ethereum side once something needs it; until then nothing of it is loaded. */
export class EvmSlot {
	current = $state.raw<Evm>();
	readonly #node: NodeStore;
	#loading: Promise<Evm> | undefined;

	constructor(node: NodeStore) {
		this.#node = node;
	}

	load(): Promise<Evm> {
		this.#loading ??= this.#start();
		return this.#loading;
	}

	async #start(): Promise<Evm> {
		try {
			const { startEvm } = await import('./evm.svelte.ts');
			this.current = await startEvm(this.#node);
			return this.current;
		} catch (fault) {
			// Offline perhaps: the next one who asks tries again.
			this.#loading = undefined;
			throw fault;
		}
	}
}
