import {
	connect,
	createConfig,
	type Connector,
	createStorage,
	disconnect,
	getConnection,
	getConnectors,
	getWalletClient,
	reconnect,
	switchChain,
	watchConnection,
	watchConnectors,
} from '@wagmi/core';
import { http, type Chain } from 'viem';
import type { Address } from '#lib/channel/address.ts';
import type { ChainConfig } from '#lib/channel/chain-config.ts';
import type { ChainError } from '#lib/channel/ports.ts';
import { ok, type Result } from '#lib/core/result.ts';
import { announce } from './announce.ts';
import { burnerId, createBurner, type BurnerKey, type BurnerMemory } from './burner.ts';
import { viemChain } from './chains.ts';
import { chainError, refuse } from './error.ts';
import { senderOf, type Sender } from './sender.ts';

/** A wallet that could be connected. */
export interface WalletChoice {
	readonly id: string;
	readonly name: string;
	/** The one this app keeps itself. */
	readonly builtIn: boolean;
}

export interface WalletState {
	readonly status: 'none' | 'connecting' | 'connected';
	readonly address?: Address;
	readonly chainId?: number;
	readonly wallet?: WalletChoice;
	readonly choices: readonly WalletChoice[];
}

/** The wallets of this browser: found by EIP-6963, one connected at a time and remembered. */
export interface BrowserWallet {
	state(): WalletState;
	subscribe(listener: () => void): () => void;
	connect(id: string): Promise<Result<null, ChainError>>;
	disconnect(): Promise<void>;
	/** Moves the wallet to a chain, teaching it the chain where it does not know it. */
	switchTo(chainId: number): Promise<Result<null, ChainError>>;
	/** The connected account, on the chain asked for; the wallet may ask the person to switch. */
	sender(chainId: number): Promise<Result<Sender, ChainError>>;
	stop(): void;
}

export interface BrowserWalletDeps {
	readonly chains: readonly ChainConfig[];
	readonly key: BurnerKey;
	readonly memory: BurnerMemory;
	/** What the built-in wallet is called. */
	readonly builtInName: string;
}

export function startBrowserWallet(deps: BrowserWalletDeps): BrowserWallet {
	const { chains } = deps;
	const known = chains.map(({ id, rpcs, name, coin }) => viemChain({ chainId: id, rpcs }, name, coin));
	const hasBurner = chains.some(({ money }) => money !== 'real');
	const silence = hasBurner
		? announce(createBurner(chains, deps.key, deps.memory), deps.builtInName)
		: () => undefined;
	const config = createConfig({
		chains: known as [Chain, ...Chain[]],
		connectors: [],
		multiInjectedProviderDiscovery: true,
		transports: Object.fromEntries(known.map((chain) => [chain.id, http()])),
		storage: createStorage({ storage: localStorage }),
	});
	void reconnect(config);

	/** Typed as none, since none is named at compile time: all are found while the page runs. */
	const connectors = (): readonly Connector[] => getConnectors(config);

	const choice = ({ id, name }: { readonly id: string; readonly name: string }): WalletChoice => ({
		id,
		name,
		builtIn: id === burnerId,
	});

	async function attempt(act: () => Promise<unknown>): Promise<Result<null, ChainError>> {
		try {
			await act();
			return ok(null);
		} catch (fault) {
			return { ok: false, error: chainError(fault) };
		}
	}

	return {
		state() {
			const { status, address, chainId, connector } = getConnection(config);
			const choices = connectors().map(choice);
			if (status === 'disconnected' || !address || !connector)
				return { status: status === 'disconnected' ? 'none' : 'connecting', choices };
			return {
				status: status === 'connecting' ? 'connecting' : 'connected',
				address: address.toLowerCase() as Address,
				...(chainId === undefined ? {} : { chainId }),
				wallet: choice(connector),
				choices,
			};
		},
		subscribe(listener) {
			const stops = [
				watchConnection(config, { onChange: listener }),
				watchConnectors(config, { onChange: listener }),
			];
			return () => {
				for (const stop of stops) stop();
			};
		},
		connect(id) {
			const connector = connectors().find((one) => one.id === id);
			if (!connector) return Promise.resolve(refuse('no-wallet', `${id} is not here`));
			return attempt(() => connect(config, { connector }));
		},
		async disconnect() {
			await attempt(() => disconnect(config));
		},
		switchTo: (chainId) => attempt(() => switchChain(config, { chainId })),
		async sender(chainId) {
			const connection = getConnection(config);
			if (!connection.isConnected) return refuse('no-wallet', 'no wallet is connected');
			if (connection.chainId !== chainId) {
				const switched = await attempt(() => switchChain(config, { chainId }));
				if (!switched.ok)
					return switched.error.code === 'rejected' ? switched : refuse('wrong-chain', switched.error.detail);
			}
			try {
				return ok(senderOf(await getWalletClient(config, { chainId })));
			} catch (fault) {
				return { ok: false, error: chainError(fault) };
			}
		},
		stop: silence,
	};
}
