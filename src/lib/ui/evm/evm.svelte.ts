import { fetchConfig } from '#lib/app/fetch-config.ts';
import type { ChainChoice, WalletAnswer, WalletRequest } from '#lib/app/memes/protocol.ts';
import type { Address, Word } from '#lib/channel/address.ts';
import type { ChainConfig } from '#lib/channel/chain-config.ts';
import type { ChainError } from '#lib/channel/ports.ts';
import { err, type Result } from '#lib/core/result.ts';
import { startBrowserWallet, type BrowserWallet, type WalletState } from '#lib/wallet/evm/browser.ts';
import { devChainId } from '#lib/wallet/evm/chains.ts';
import { deployContract, deployed } from '#lib/wallet/evm/deploy.ts';
import { fundOnDevChain } from '#lib/wallet/evm/faucet.ts';
import { createChainReader } from '#lib/wallet/evm/reads.ts';
import { walletOf } from '#lib/wallet/evm/wallet.ts';
import type { NodeStore } from '../node.svelte.ts';
import { tMemes } from '../i18n/memes.ts';
import { burnerMemory, ownRpcs, setOwnRpc } from './settings.ts';

/** The built-in wallet's key, from the node that keeps it. */
async function keyFrom(node: NodeStore): Promise<Word> {
	const answer = await node.command('burnerKey', {});
	if (!answer.ok) throw new Error(answer.error.detail);
	return answer.value.key;
}

/**
 * The page's Ethereum side: which chain, which wallet, how much there is. The node asks it to sign and send; screens
 * show it. Loaded only where it is needed.
 */
export class Evm {
	readonly chains: readonly ChainConfig[];
	wallet = $state.raw<WalletState>({ status: 'none', choices: [] });
	/** Of the connected account on the chosen chain, in wei; undefined while unknown. */
	balance = $state.raw<bigint>();
	/** What the contract could not deliver to the account, wei. */
	owed = $state.raw(0n);
	/** Why the balance could not be read. */
	problem = $state.raw<ChainError>();
	#chainId = $state.raw<number>();
	#rpcs = $state.raw(ownRpcs());
	readonly #node: NodeStore;
	readonly #wallet: BrowserWallet;

	constructor(node: NodeStore, chains: readonly ChainConfig[]) {
		this.#node = node;
		this.chains = chains;
		this.#wallet = startBrowserWallet({
			chains,
			key: () => keyFrom(node),
			memory: burnerMemory,
			builtInName: tMemes('wallet.builtIn'),
		});
		this.wallet = this.#wallet.state();
		this.#wallet.subscribe(() => {
			const before = this.wallet.address;
			this.wallet = this.#wallet.state();
			if (this.wallet.address !== before) void this.refresh();
		});
	}

	/** The chain that is read and paid on: the node's choice, else the deployment's first. */
	get chain(): ChainConfig | undefined {
		const id = this.#chainId ?? this.#node.memes.chain.choice?.chainId;
		return this.chains.find((chain) => chain.id === id) ?? this.chains[0];
	}
	get choice(): ChainChoice | undefined {
		const { chain } = this;
		if (!chain) return undefined;
		const own = this.ownRpc;
		return {
			chainId: chain.id,
			contract: chain.contract,
			rpcs: own === undefined ? chain.rpcs : [own, ...chain.rpcs],
		};
	}
	get ownRpc(): string | undefined {
		return this.chain && this.#rpcs[this.chain.id];
	}
	get address(): Address | undefined {
		return this.wallet.status === 'connected' ? this.wallet.address : undefined;
	}
	/** The wallet stands on another chain than the one that is read. */
	get elsewhere(): boolean {
		return this.wallet.status === 'connected' && this.wallet.chainId !== this.chain?.id;
	}
	get canFund(): boolean {
		return this.chain?.id === devChainId && this.chain.money === 'play';
	}

	/** Has the node read the chosen chain, where it does not yet. */
	async follow(): Promise<void> {
		const { choice } = this;
		const current = this.#node.memes.chain.choice;
		if (!choice || JSON.stringify(current) === JSON.stringify(choice)) return;
		await this.#node.command('useChain', choice);
	}

	async use(chainId: number): Promise<void> {
		this.#chainId = chainId;
		this.balance = undefined;
		await this.follow();
		await this.refresh();
	}

	async setRpc(url: string | undefined): Promise<void> {
		if (!this.chain) return;
		setOwnRpc(this.chain.id, url);
		this.#rpcs = ownRpcs();
		await this.follow();
		await this.refresh();
	}

	async connect(id: string): Promise<Result<null, ChainError>> {
		const connected = await this.#wallet.connect(id);
		if (connected.ok && this.canFund && this.wallet.wallet?.builtIn) await this.#fundWhenEmpty();
		return connected;
	}
	disconnect = (): Promise<void> => this.#wallet.disconnect();
	switchWallet = (): Promise<Result<null, ChainError>> =>
		this.chain
			? this.#wallet.switchTo(this.chain.id)
			: Promise.resolve(err({ type: 'chain', code: 'wrong-chain', detail: 'no chain is configured' }));

	async refresh(): Promise<void> {
		const { address, choice } = this;
		if (!address || !choice) {
			this.balance = undefined;
			this.owed = 0n;
			return;
		}
		const reader = createChainReader(choice);
		const [balance, owed] = await Promise.all([reader.balance(address), reader.owed(address)]);
		this.problem = balance.ok ? undefined : balance.error;
		if (balance.ok) this.balance = balance.value;
		if (owed.ok) this.owed = owed.value;
	}

	/** Play money for the connected account, on the development chain only. */
	async fund(): Promise<Result<null, ChainError>> {
		const { address, choice } = this;
		if (!address || !choice || !this.canFund)
			return err({ type: 'chain', code: 'wrong-chain', detail: 'no play money here' });
		const funded = await fundOnDevChain(choice, address);
		await this.refresh();
		return funded;
	}

	/** Puts the contract on the chosen chain, paid by the connected wallet. */
	async deploy(): Promise<Result<null, ChainError>> {
		const { choice } = this;
		if (!choice) return err({ type: 'chain', code: 'wrong-chain', detail: 'no chain is configured' });
		const sender = await this.#wallet.sender(choice.chainId);
		if (!sender.ok) return sender;
		const sent = await deployContract(choice, sender.value);
		return sent.ok ? deployed(choice, sent.value) : sent;
	}

	/** The built-in wallet's private key, for its owner to keep elsewhere. */
	exportKey = (): Promise<string> => keyFrom(this.#node);

	/** Answers the node, which asks for transactions and signatures. */
	async answer(request: WalletRequest): Promise<WalletAnswer> {
		const sender = await this.#wallet.sender(request.choice.chainId);
		if (!sender.ok) return sender;
		const wallet = walletOf(request.choice, sender.value);
		const answer =
			request.kind === 'submit'
				? await wallet.submit(request.call, request.from)
				: await wallet.sign(request.message, request.from);
		void this.refresh();
		return answer;
	}

	async #fundWhenEmpty(): Promise<void> {
		await this.refresh();
		if (this.balance === 0n) await this.fund();
	}
}

export async function startEvm(node: NodeStore): Promise<Evm> {
	const { chains = [] } = await fetchConfig();
	return new Evm(node, chains);
}
