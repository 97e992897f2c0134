import { createPublicClient, createWalletClient, http, numberToHex, type Hex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import type { ChainConfig } from '#lib/channel/chain-config.ts';
import { viemChain } from './chains.ts';

/** Asks for the key of the built-in wallet, which is kept sealed on disk and stays in memory only while it signs. */
export type BurnerKey = () => Promise<Hex>;

/** What the built-in wallet remembers beside its key. */
export interface BurnerMemory {
	get(name: 'connected' | 'chain'): string | undefined;
	set(name: 'connected' | 'chain', value: string | undefined): void;
}

/** What wagmi and any other app finds it under (EIP-6963). */
export const burnerId = 'app.sweetgossip.burner';

type Listener = (value: never) => void;

/** An EIP-1193 provider. */
export interface Provider {
	request(asked: { readonly method: string; readonly params?: readonly unknown[] }): Promise<unknown>;
	on(event: string, listener: Listener): void;
	removeListener(event: string, listener: Listener): void;
}

/** An error as EIP-1193 numbers it. */
const providerError = (code: number, message: string): Error => Object.assign(new Error(message), { code });

/**
 * A wallet of one key that this app keeps itself: for play and test money, so that nobody needs another program to
 * try it. It speaks EIP-1193 and is found like every other wallet, so that no code knows it apart. It confirms
 * without asking: the app's own screens have asked.
 */
export function createBurner(chains: readonly ChainConfig[], key: BurnerKey, memory: BurnerMemory): Provider {
	const usable = chains.filter(({ money }) => money !== 'real');
	const listeners = new Map<string, Set<Listener>>();
	let current = usable.find(({ id }) => String(id) === memory.get('chain')) ?? usable[0];

	function emit(event: string, value: unknown): void {
		for (const listener of listeners.get(event) ?? []) listener(value as never);
	}

	function chain(): ChainConfig {
		if (!current) throw providerError(4901, 'no chain of play or test money is configured');
		return current;
	}

	async function account() {
		if (memory.get('connected') === undefined) throw providerError(4100, 'not connected');
		return privateKeyToAccount(await key());
	}

	async function connect(): Promise<readonly string[]> {
		const { address } = privateKeyToAccount(await key());
		memory.set('connected', 'yes');
		return [address];
	}

	async function accounts(): Promise<readonly string[]> {
		return memory.get('connected') === undefined ? [] : [(await account()).address];
	}

	const place = () => {
		const { id, contract, rpcs, name, coin } = chain();
		return { viem: viemChain({ chainId: id, rpcs }, name, coin), contract, rpc: rpcs[0] };
	};

	function switchTo(id: unknown): null {
		const wanted = usable.find((one) => numberToHex(one.id) === id);
		if (!wanted) throw providerError(4902, 'this wallet is for play and test money only');
		current = wanted;
		memory.set('chain', String(wanted.id));
		emit('chainChanged', numberToHex(wanted.id));
		return null;
	}

	async function request(method: string, params: readonly unknown[]): Promise<unknown> {
		switch (method) {
			case 'eth_chainId':
				return numberToHex(chain().id);
			case 'net_version':
				return String(chain().id);
			case 'eth_accounts':
				return accounts();
			case 'eth_requestAccounts':
				return connect();
			case 'wallet_requestPermissions': {
				const value = await connect();
				return [{ parentCapability: 'eth_accounts', caveats: [{ type: 'restrictReturnedAccounts', value }] }];
			}
			case 'wallet_revokePermissions':
				memory.set('connected', undefined);
				emit('accountsChanged', []);
				return null;
			case 'wallet_switchEthereumChain':
				return switchTo((params[0] as { chainId?: unknown } | undefined)?.chainId);
			case 'eth_signTypedData_v4': {
				const signer = await account();
				if (String(params[0]).toLowerCase() !== signer.address.toLowerCase())
					throw providerError(4100, 'not the account of this wallet');
				return signer.signTypedData(JSON.parse(String(params[1])) as never);
			}
			case 'eth_sendTransaction': {
				const { viem, rpc } = place();
				const client = createWalletClient({ account: await account(), chain: viem, transport: http(rpc) });
				const { to, data, value, gas } = params[0] as Partial<Record<'to' | 'data' | 'value' | 'gas', Hex>>;
				return client.sendTransaction({
					...(to === undefined ? {} : { to }),
					...(data === undefined ? {} : { data }),
					...(value === undefined ? {} : { value: BigInt(value) }),
					...(gas === undefined ? {} : { gas: BigInt(gas) }),
				});
			}
			default: {
				// Reading the chain needs no key.
				if (!method.startsWith('eth_') || /sign|accounts/i.test(method))
					throw providerError(4200, `${method} is not supported`);
				const { viem, rpc } = place();
				const client = createPublicClient({ chain: viem, transport: http(rpc) });
				return client.request({ method, params } as never);
			}
		}
	}

	return {
		request: ({ method, params = [] }) => request(method, params),
		on(event, listener) {
			listeners.set(event, (listeners.get(event) ?? new Set()).add(listener));
		},
		removeListener: (event, listener) => void listeners.get(event)?.delete(listener),
	};
}
