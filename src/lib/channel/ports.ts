import type { Result } from '#lib/core/result.ts';
import type { Address, ChannelId, Word } from './address.ts';
import type { Channel, Party, Tally } from './channel.ts';
import type { Signature } from './signature.ts';
import type { Domain, Message } from './typed-data.ts';

/** What a suggester advertises on chain; the contract's `Terms`. Amounts in the smallest unit of the asset. */
export interface Terms {
	readonly reward: bigint;
	readonly userBurn: bigint;
	readonly suggesterBurn: bigint;
	readonly bond: bigint;
	/** Most suggestions one channel may cover; 0 while no channel is wanted. */
	readonly maxRounds: number;
	/** Seconds to challenge a contested close. */
	readonly window: number;
	/** Key that approves channels and signs rounds. */
	readonly key: Address;
	/** Where the suggester is reached; see channel/endpoint.ts. */
	readonly url: string;
}

/** One entry of the contract's list of suggesters. */
export interface Listing {
	readonly suggester: Address;
	readonly escrow: bigint;
	readonly positive: bigint;
	readonly negative: bigint;
	readonly terms: Terms;
}

export type Phase = 'none' | 'requested' | 'open' | 'closing' | 'closed' | 'cancelled';

/** What the chain knows of a channel. */
export interface Standing {
	readonly phase: Phase;
	/** While closing and after a contested close. */
	readonly closer: Party;
	/** The closer was shown wrong. */
	readonly faulty: boolean;
	/** Unix seconds, while closing. */
	readonly deadline: number;
	/** Round the closer claimed first. */
	readonly claimed: number;
	/** The standing claim while closing, the settled state once closed. */
	readonly tally: Tally;
}

/** The newest block as the chain tells it: deadlines are compared with its time, not with the device's. */
export interface Head {
	readonly number: bigint;
	/** Unix seconds. */
	readonly time: number;
}

/** Every function of the contract that changes something. Deposits and bonds are worked out from the channel. */
export type ChainCall =
	| { readonly call: 'advertise'; readonly terms: Terms; readonly amount: bigint }
	| { readonly call: 'deposit'; readonly amount: bigint }
	| { readonly call: 'withdraw'; readonly amount: bigint; readonly to: Address }
	| {
			readonly call: 'open';
			readonly channel: Channel;
			/** Unix seconds. */
			readonly expiry: number;
			readonly approval: Signature;
	  }
	| { readonly call: 'request'; readonly channel: Channel }
	| { readonly call: 'approve'; readonly channels: readonly Channel[] }
	| {
			readonly call: 'close' | 'challenge';
			readonly channel: Channel;
			readonly tally: Tally;
			readonly user: Signature;
			readonly suggester: Signature;
	  }
	| {
			readonly call: 'startClose';
			readonly channel: Channel;
			readonly tally: Tally;
			/** The other side's `Round` signature; `noSignature` for an unplayed channel. */
			readonly counterparty: Signature;
	  }
	| { readonly call: 'cancel' | 'affirm' | 'finish'; readonly channel: Channel }
	| { readonly call: 'claim'; readonly to: Address };

export interface ChainError {
	readonly type: 'chain';
	/**
	 * `unreachable`: no endpoint answers. `wrong-chain`: the wallet or endpoint is on another chain. `no-contract`:
	 * nothing is deployed there. `lying`: an endpoint contradicts another, or itself. `no-wallet`: none is connected.
	 * `rejected`: the person said no. `busy`: the wallet still asks something else. `no-funds`: the account cannot pay
	 * amount and gas. `reverted`: the contract refused, `reason` is its error. `dropped`: a sent transaction is gone,
	 * after a reorganisation or by replacement. `failed`: anything else.
	 */
	readonly code:
		| 'unreachable'
		| 'wrong-chain'
		| 'no-contract'
		| 'lying'
		| 'no-wallet'
		| 'rejected'
		| 'busy'
		| 'no-funds'
		| 'reverted'
		| 'dropped'
		| 'failed';
	/** Name of the contract's error. */
	readonly reason?: string;
	readonly detail: string;
}

export type ChainResult<T> = Promise<Result<T, ChainError>>;

/** A contract on a chain, read over public endpoints. Nothing throws. */
export interface ChainReader {
	readonly domain: Domain;
	head(): ChainResult<Head>;
	suggesterCount(): ChainResult<number>;
	listings(from: number, count: number): ChainResult<readonly Listing[]>;
	/** The listing of one account; an unknown one has empty terms. */
	listing(suggester: Address): ChainResult<Listing>;
	/** One call for all ids, in their order. */
	standings(ids: readonly ChannelId[]): ChainResult<readonly Standing[]>;
	balance(account: Address): ChainResult<bigint>;
	/** Payments of the account that could not be delivered and wait for `claim`. */
	owed(account: Address): ChainResult<bigint>;
	/** Channels an account opened, from the logs: for somebody who lost everything but the wallet. */
	opened(user: Address): ChainResult<readonly Channel[]>;
	/** Waits until a transaction counts, or says why it never will. */
	settled(hash: Word): ChainResult<Head>;
}

/** The person's wallet. In a tab the Worker asks the page; on Node it is an account of the process. */
export interface Wallet {
	/** Sends a transaction from `from`; resolves when the chain took it in, before it is settled. */
	submit(call: ChainCall, from: Address): ChainResult<Word>;
	/** Signs typed data with the account itself: channels whose `userKey` is the wallet. */
	sign(message: Message, from: Address): ChainResult<Signature>;
}
