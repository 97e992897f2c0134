import * as ldk from 'lightningdevkit';
import type { Hex } from '#lib/core/brand.ts';
import { toHex } from '#lib/core/bytes.ts';
import type { SimulatedChain } from './chain.ts';

/** One Lightning node of LDK: channels, noise, gossip, routing, all in this process. */
export interface LdkNode {
	readonly name: string;
	readonly id: Uint8Array;
	readonly manager: ldk.ChannelManager;
	readonly peers: ldk.PeerManager;
	readonly graph: ldk.NetworkGraph;
	/** What happened since it was last asked. */
	takeEvents(): ldk.Event[];
	/** What LDK found worth a warning or an error, for a failing test. */
	readonly complaints: readonly string[];
	/** Sum of what its channels could send, msat; a channel's reserve is never counted. */
	balanceMsat(): number;
	/** Hashes of payments that are locked in a channel right now, in either direction. */
	lockedHashes(): readonly Hex[];
}

/** Settings that differ from LDK's own: announced channels, tiny payments, one confirmation, fees easy to add up. */
function config(): ldk.UserConfig {
	const user = ldk.UserConfig.constructor_default();
	const handshake = user.get_channel_handshake_config();
	handshake.set_announce_for_forwarding(true);
	handshake.set_minimum_depth(1);
	handshake.set_our_htlc_minimum_msat(1n);
	handshake.set_max_inbound_htlc_value_in_flight_percent_of_channel(100);
	user.set_channel_handshake_config(handshake);
	const channel = user.get_channel_config();
	channel.set_forwarding_fee_base_msat(routingFeeMsat);
	channel.set_forwarding_fee_proportional_millionths(0);
	user.set_channel_config(channel);
	return user;
}

/** What a node takes for passing one payment on, msat. */
export const routingFeeMsat = 1_000;

const feeRate = 253;

/** @param seed tells nodes apart; 1..255. @param now seconds. */
export function createNode(name: string, seed: number, chain: SimulatedChain, now: number): LdkNode {
	const complaints: string[] = [];
	const logger = ldk.Logger.new_impl({
		log(record) {
			const level = record.get_level();
			if (level === ldk.Level.LDKLevel_Warn || level === ldk.Level.LDKLevel_Error)
				complaints.push(`${record.get_module_path()}: ${record.get_args()}`);
		},
	});
	const fees = ldk.FeeEstimator.new_impl({ get_est_sat_per_1000_weight: () => feeRate });
	const broadcaster = ldk.BroadcasterInterface.new_impl({
		broadcast_transactions: (transactions) => {
			for (const transaction of transactions) chain.broadcast(transaction);
		},
	});
	const done = ldk.ChannelMonitorUpdateStatus.LDKChannelMonitorUpdateStatus_Completed;
	const persister = ldk.Persist.new_impl({
		persist_new_channel: () => done,
		update_persisted_channel: () => done,
		archive_persisted_channel: () => undefined,
	});
	const monitor = ldk.ChainMonitor.constructor_new(
		ldk.Option_FilterZ.constructor_none(),
		broadcaster,
		logger,
		fees,
		persister,
	);
	const keys = ldk.KeysManager.constructor_new(new Uint8Array(32).fill(seed), BigInt(now), seed);
	const entropy = keys.as_EntropySource();
	const graph = ldk.NetworkGraph.constructor_new(ldk.Network.LDKNetwork_Regtest, logger);
	const scorer = ldk.ProbabilisticScorer.constructor_new(
		ldk.ProbabilisticScoringDecayParameters.constructor_default(),
		graph,
		logger,
	);
	const score = ldk.MultiThreadedLockableScore.constructor_new(scorer.as_Score());
	const router = ldk.DefaultRouter.constructor_new(
		graph,
		logger,
		entropy,
		score.as_LockableScore(),
		ldk.ProbabilisticScoringFeeParameters.constructor_default(),
	);
	const manager = ldk.ChannelManager.constructor_new(
		fees,
		monitor.as_Watch(),
		broadcaster,
		router.as_Router(),
		ldk.DefaultMessageRouter.constructor_new(graph, entropy).as_MessageRouter(),
		logger,
		entropy,
		keys.as_NodeSigner(),
		keys.as_SignerProvider(),
		config(),
		ldk.ChainParameters.constructor_new(
			ldk.Network.LDKNetwork_Regtest,
			ldk.BestBlock.constructor_from_network(ldk.Network.LDKNetwork_Regtest),
		),
		now,
	);
	const gossip = ldk.P2PGossipSync.constructor_new(graph, ldk.Option_UtxoLookupZ.constructor_none(), logger);
	const ignorer = ldk.IgnoringMessageHandler.constructor_new();
	const peers = ldk.PeerManager.constructor_new(
		manager.as_ChannelMessageHandler(),
		gossip.as_RoutingMessageHandler(),
		ignorer.as_OnionMessageHandler(),
		ignorer.as_CustomMessageHandler(),
		now,
		entropy.get_secure_random_bytes(),
		logger,
		keys.as_NodeSigner(),
	);
	chain.follow(monitor.as_Confirm());
	chain.follow(manager.as_Confirm());

	let events: ldk.Event[] = [];
	const handler = ldk.EventHandler.new_impl({
		handle_event(event) {
			events.push(event);
			return ldk.Result_NoneReplayEventZ.constructor_ok();
		},
	});
	const pending = (channel: ldk.ChannelDetails) => [
		...channel.get_pending_inbound_htlcs(),
		...channel.get_pending_outbound_htlcs(),
	];

	return {
		name,
		id: manager.get_our_node_id(),
		manager,
		peers,
		graph,
		complaints,
		takeEvents() {
			manager.as_EventsProvider().process_pending_events(handler);
			monitor.as_EventsProvider().process_pending_events(handler);
			const taken = events;
			events = [];
			return taken;
		},
		balanceMsat: () =>
			Number(
				manager.list_channels().reduce((sum, channel) => sum + channel.get_outbound_capacity_msat(), 0n),
			),
		lockedHashes: () =>
			manager
				.list_channels()
				.flatMap(pending)
				.map((htlc) => toHex(htlc.get_payment_hash())),
	};
}
