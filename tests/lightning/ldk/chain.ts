import * as ldk from 'lightningdevkit';
import type { Bytes } from '#lib/core/brand.ts';
import { sha256 } from '#lib/core/crypto/hash.ts';

/** What follows the chain: LDK's channel manager and its chain monitor. */
export type Follower = Pick<ldk.Confirm, 'transactions_confirmed' | 'best_block_updated'>;

/** A chain without miners: headers that name their parent, and blocks of whatever was broadcast. */
export interface SimulatedChain {
	readonly height: number;
	/** Block hash, as the chain's own byte order. */
	readonly tip: Bytes;
	/** Transactions that were broadcast, in all blocks, in order. */
	readonly broadcasts: readonly Bytes[];
	broadcast(transaction: Uint8Array): void;
	follow(follower: Follower): void;
	/** Mines blocks; the first one confirms what was broadcast. */
	mine(blocks: number): void;
}

const doubleSha256 = (bytes: Uint8Array): Bytes => sha256(sha256(bytes));

/** @param now seconds; the time in each header, and so the clock of the nodes, which have no other. */
export function createChain(now: () => number): SimulatedChain {
	let height = 0;
	let tip = new Uint8Array(
		ldk.BestBlock.constructor_from_network(ldk.Network.LDKNetwork_Regtest).get_block_hash(),
	);
	let mempool: Bytes[] = [];
	const broadcasts: Bytes[] = [];
	const followers: Follower[] = [];

	function header(): Bytes {
		const bytes = new Uint8Array(80);
		const view = new DataView(bytes.buffer);
		view.setInt32(0, 0x2000_0000, true);
		bytes.set(tip, 4);
		// In place of a Merkle root: something that differs from block to block.
		view.setUint32(36, height + 1, true);
		view.setUint32(68, now(), true);
		view.setUint32(72, 0x207f_ffff, true);
		return bytes;
	}

	function block(): void {
		const next = header();
		const transactions = mempool;
		mempool = [];
		height++;
		tip = doubleSha256(next);
		for (const follower of followers) {
			const confirmed = transactions.map((transaction, index) =>
				// Position 0 is the coinbase's.
				ldk.TwoTuple_usizeTransactionZ.constructor_new(index + 1, transaction),
			);
			if (confirmed.length > 0) follower.transactions_confirmed(next, confirmed, height);
			follower.best_block_updated(next, height);
		}
	}

	return {
		get height() {
			return height;
		},
		get tip() {
			return tip;
		},
		broadcasts,
		broadcast(transaction) {
			const bytes = new Uint8Array(transaction);
			broadcasts.push(bytes);
			mempool.push(bytes);
		},
		follow: (follower) => followers.push(follower),
		mine(blocks) {
			for (let i = 0; i < blocks; i++) block();
		},
	};
}

/** A transaction with one output, spending an output nobody ever made: nobody here would look it up. */
export function fabricateFunding(script: Uint8Array, satoshis: bigint, salt: number): Bytes {
	const bytes = new Uint8Array(4 + 2 + 1 + 36 + 1 + 4 + 1 + 8 + 1 + script.length + 3 + 4);
	const view = new DataView(bytes.buffer);
	view.setInt32(0, 2, true);
	bytes.set([0, 1, 1], 4);
	// The spent output's transaction id tells one funding from another.
	view.setUint32(7, salt, true);
	bytes.set([0xff, 0xff, 0xff, 0xff], 44);
	bytes[48] = 1;
	view.setBigUint64(49, satoshis, true);
	bytes[57] = script.length;
	bytes.set(script, 58);
	// Witness: one element of one byte.
	bytes.set([1, 1, 0xff], 58 + script.length);
	return bytes;
}
