import { createContext } from 'svelte';
import { UiClock } from './clock.svelte.ts';
import { EvmSlot } from './evm/slot.svelte.ts';
import { InstallOffer } from './install.svelte.ts';
import { NodeStore } from './node.svelte.ts';
import { Toasts } from './toasts.svelte.ts';
import { AppUpdate } from './update.svelte.ts';

/** What every screen may use; made once by the root layout, or by a test around one component. */
export interface Ui {
	readonly node: NodeStore;
	readonly clock: UiClock;
	readonly toasts: Toasts;
	readonly install: InstallOffer;
	readonly update: AppUpdate;
	/** Wallets and chains of the page. */
	readonly evm: EvmSlot;
}

const [getUi, setUi] = createContext<Ui>();

export const useUi = getUi;

export const provideUi = (): Ui => {
	const node = new NodeStore();
	return setUi({
		node,
		evm: new EvmSlot(node),
		clock: new UiClock(),
		toasts: new Toasts(),
		install: new InstallOffer(),
		update: new AppUpdate(),
	});
};
