import type { Bytes } from '#lib/core/brand.ts';
import type { Clock } from '#lib/core/clock.ts';
import type { Log } from '#lib/core/log.ts';
import type { Random } from '#lib/core/random.ts';
import type { ChainReader, Wallet } from '#lib/channel/ports.ts';
import type { Seals } from '#lib/channel/rounds/play.ts';
import { recoverSigner } from '#lib/channel/signature.ts';
import { digest, type Domain } from '#lib/channel/typed-data.ts';
import type { ChannelStore, ChannelWrite } from '#lib/store/channel-port.ts';
import type { MemeCalls } from './calls.ts';
import type { Transactions } from './transactions.ts';

/** What both roles of this half share. */
export interface Desk {
	readonly clock: Clock;
	readonly random: Random;
	readonly log: Log;
	/** The person's seed, of which every key here is derived. */
	readonly seed: Bytes;
	readonly store: ChannelStore;
	readonly calls: MemeCalls;
	readonly transactions: Transactions;
	/** Relays this node meets callers at. */
	readonly relays: readonly string[];
	reader(): ChainReader | undefined;
	wallet(): Wallet | undefined;
	/** Durable when it resolves; `failed` once the store is lost, and the node stops. */
	commit(writes: readonly ChannelWrite[]): Promise<'done' | 'taken' | 'failed'>;
	/** Looks at the chain now. */
	look(): void;
	changed(...slices: ('memes' | 'studio')[]): void;
}

/** Signatures of one contract on one chain, checked as the contract does. */
export const sealsOf = (domain: Domain): Seals => ({
	signedBy: (who, message, signature) => recoverSigner(digest(domain, message), signature) === who,
});
