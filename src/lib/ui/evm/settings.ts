import { isRpcUrl } from '#lib/channel/chain-config.ts';
import type { BurnerMemory } from '#lib/wallet/evm/burner.ts';

const name = 'sweet-gossip-evm';

/** What this browser remembers of the page's wallet; nothing of it is secret or worth money. */
interface Remembered {
	readonly connected?: string;
	readonly chain?: string;
	/** The person's own endpoint, by chain id. */
	readonly rpcs?: Readonly<Record<string, string>>;
}

function read(): Remembered {
	try {
		const value: unknown = JSON.parse(localStorage.getItem(name) ?? '{}');
		return typeof value === 'object' && value !== null ? value : {};
	} catch {
		return {};
	}
}

function write(change: Partial<Record<keyof Remembered, unknown>>): void {
	localStorage.setItem(name, JSON.stringify({ ...read(), ...change }));
}

export const burnerMemory: BurnerMemory = {
	get: (key) => read()[key],
	set: (key, value) => write({ [key]: value }),
};

/** The person's own endpoints by chain id, without what may not be contacted. */
export const ownRpcs = (): Readonly<Record<string, string>> =>
	Object.fromEntries(Object.entries(read().rpcs ?? {}).filter(([, url]) => isRpcUrl(url)));

export const setOwnRpc = (chainId: number, url: string | undefined): void =>
	write({ rpcs: { ...read().rpcs, [chainId]: url } });

/** Whether an account was connected here, or an endpoint set. */
export const usedBefore = (): boolean =>
	read().connected !== undefined ||
	read().rpcs !== undefined ||
	localStorage.getItem('wagmi.recentConnectorId') !== null;
