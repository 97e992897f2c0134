import type { Clock } from '#lib/core/clock.ts';
import type { PeerId } from '#lib/core/brand.ts';
import { verify } from '#lib/core/crypto/schnorr.ts';
import { createLogRing, type Log } from '#lib/core/log.ts';
import type { Random } from '#lib/core/random.ts';
import { ok, type Result } from '#lib/core/result.ts';
import { createEngine } from '#lib/gossip/engine.ts';
import type { GossipEvent } from '#lib/gossip/event.ts';
import { defaultStrategies } from '#lib/gossip/default-strategies.ts';
import type { Strategies } from '#lib/gossip/strategies.ts';
import type { ActivityView } from '#lib/gossip/view.ts';
import { unknownPower, type Power } from '#lib/pow/energy.ts';
import { powSchemes, sha256Scheme } from '#lib/pow/schemes.ts';
import type { PowPool } from '#lib/pow/worker/pool.ts';
import type { DamagedRecord, RecordStore, StoreError } from '#lib/store/port.ts';
import { CircuitCarrier } from '#lib/webrtc/circuit/carrier.ts';
import { lazyConns } from '#lib/webrtc/conn/deferred.ts';
import { createDirectLinks } from '#lib/webrtc/direct.ts';
import type { ConnFactory, Identity, Rendezvous } from '#lib/webrtc/ports.ts';
import { createSignalling } from '#lib/webrtc/signalling.ts';
import type { AskWebln } from '#lib/wallet/lightning/webln.ts';
import { admissionSolver } from './admission-solver.ts';
import { executeCommand } from './commands.ts';
import { createConnHealth } from './conn-health.ts';
import { createInviteDesk } from './invite-desk.ts';
import { createEffectRunner } from './effects.ts';
import { Energy } from './energy.ts';
import { initialSlices } from './initial-slices.ts';
import type { Keys } from './keys/keys.ts';
import type { TabsPort } from './keeper.ts';
import { createMemesHost } from './memes/host.ts';
import type { MemesDeps } from './memes/memes.ts';
import { networkView } from './network-view.ts';
import { gossipParameters, linkParameters } from './parameters.ts';
import { joinPersona } from './persona.ts';
import type {
	CommandMessage,
	FromNode,
	NodeConfig,
	RestartCause,
	Settings,
	Slices,
	ToNode,
} from './protocol.ts';
import { createPublisher, everySlice } from './publisher.ts';
import { parseSettings } from './settings.ts';
import type { Cashier, CashierPorts } from './wallet/cashier.ts';
import { noLightning } from './wallet/initial.ts';

/** How long what a closed tab knew of its neighbours is kept, ms: by then its balances have decayed to nothing. */
const tabMemoryMs = 7 * 24 * 3_600_000;

/** What a node stands on. A tab passes browser adapters, a headless peer Node's, a test its own. */
export interface NodeDeps {
	readonly config: NodeConfig;
	readonly identity: Identity;
	/** What secrets at rest are bound to: the page's origin, or a headless peer's own name. */
	readonly origin: string;
	/** Makes the key of this device where the store cannot keep one that nobody can read out. */
	readonly newDeviceKey?: () => Promise<CryptoKey>;
	readonly clock: Clock;
	readonly random: Random;
	readonly store: RecordStore;
	readonly tabs: TabsPort;
	readonly pool: PowPool;
	/** What is known of the device's power from the start; a tab's page tells later. */
	readonly power?: Power;
	readonly conns: ConnFactory;
	/** For direct links, where they are made in another way. */
	readonly directConns?: ConnFactory;
	/** The owner's own decisions; the defaults unless given. */
	readonly strategies?: Strategies;
	/** Asks the page's WebLN provider; absent where there is no page. */
	readonly webln?: AskWebln;
	/** Reads the chain that suggestion channels are on, and asks the person's wallet; a node without has no channels. */
	readonly chain?: MemesDeps['chain'];
	rendezvous(relays: readonly string[], log: Log): readonly Rendezvous[];
}

export interface NodeEvents {
	onslice<K extends keyof Slices>(name: K, value: Slices[K]): void;
	onnotify(activity: ActivityView): void;
	/** The node stopped and a new one should start. */
	onrestart(why: RestartCause): void;
	/** The node stopped because it could not write or read its records. */
	onfatal(error: StoreError): void;
}

export interface SweetNode {
	command(message: CommandMessage): Promise<Extract<FromNode, { type: 'answer' }>>;
	lifecycle(change: Extract<ToNode, { type: 'lifecycle' }>['change']): void;
	/** What became known of the device's battery and heat. */
	power(reading: Partial<Power>): void;
	stop(reason: string): void;
}

/** The composition root: one engine, its links, its store and its solver, wired and started. */
export async function startNode(deps: NodeDeps, events: NodeEvents): Promise<Result<SweetNode, StoreError>> {
	const { clock, random, store, pool, identity, config } = deps;
	const self = identity.id as PeerId;
	const { log, entries } = createLogRing(() => clock.now());

	const [tab, stored, { createMesh }] = await Promise.all([
		store.loadTab(self),
		store.loadSettings(),
		// A chunk of its own, fetched while the records are read.
		import('#lib/webrtc/mesh.ts'),
	]);
	if (!tab.ok) return tab;
	if (!stored.ok) return stored;
	reportDamage(tab.value.damaged);

	let settings = parseSettings(stored.value);
	let stopped = false;
	/** What is kept goes or is replaced: nothing is acknowledged any more. */
	let forgetting = false;
	let cancelWake = () => {};
	let keys: Keys | undefined;
	let cashier: Cashier | undefined;

	const relays = settings.relays.length > 0 ? settings.relays : config.relays;
	const ice = {
		iceServers: settings.iceServers.length > 0 ? settings.iceServers : config.iceServers,
		relayOnly: settings.relayOnly,
	};
	const directConns = deps.directConns ?? deps.conns;
	for (const conns of new Set([deps.conns, directConns])) conns.configure?.(ice);
	const health = createConnHealth(() => publisher.stale('network'));
	const signalling = createSignalling({
		identity,
		rendezvous: deps.rendezvous(relays, log),
		log,
		onstatus: () => publisher.stale('network'),
	});
	const circuits = new CircuitCarrier({
		now: () => clock.now(),
		neighbours: () => mesh.links().map(({ peer }) => peer),
		send: (peer, frame) => mesh.send(peer, frame, 2),
	});
	const linkDeps = {
		identity,
		network: config.network,
		clock,
		random,
		conns: health.watch(deps.conns),
		signalling,
		solver: admissionSolver(pool, clock),
		log,
		parameters: linkParameters(config.parameters),
	};
	const mesh = createMesh(linkDeps);
	const direct = createDirectLinks({
		...linkDeps,
		conns: health.watch(directConns),
		circuits: lazyConns(async () => {
			const { createCircuitConns } = await import('#lib/webrtc/circuit/conn.ts');
			return createCircuitConns({ carrier: circuits, clock, random });
		}),
	});
	const invitations = createInviteDesk({
		identity,
		network: config.network,
		clock,
		random,
		conns: linkDeps.conns,
		meet: (meeting) => mesh.meet(meeting),
		onchange: () => publisher.stale('network'),
	});
	const engine = createEngine({
		self,
		random,
		verify,
		parameters: gossipParameters(config.parameters),
		strategies: deps.strategies ?? defaultStrategies,
		schemes: powSchemes([sha256Scheme]),
		relays,
		tab: tab.value.records,
	});

	const energy = new Energy(pool, deps.power ?? unknownPower, {
		ondevice: (device) => dispatch({ kind: 'device', ...device }),
		onchange: () => publisher.stale('network'),
	});

	const own: { readonly [K in keyof Slices]: () => Slices[K] } = {
		jobs: () => engine.jobs(),
		leads: () => engine.leads(),
		offers: () => engine.offers(),
		activity: () => engine.activity(),
		settings: () => settings,
		lightning: () => cashier?.view() ?? noLightning,
		keys: () => keys?.view() ?? initialSlices.keys,
		memes: () => memes.memes(),
		studio: () => memes.studio(),
		network: () =>
			networkView({
				self,
				role: persona.role(),
				links: mesh.links(),
				relays: signalling.status(),
				trouble: mesh.links().length > 0 ? undefined : health.trouble(ice),
				invitation: invitations.state(),
				ledger: engine.ledger(clock.now()),
				traffic: engine.traffic(),
				hashRate: energy.hashRate,
				work: energy.mode,
				graphics: energy.graphics,
				log: entries(),
			}),
	};
	const publisher = createPublisher(clock, (name) => {
		if (name === 'network') {
			events.onslice(name, own.network());
			return;
		}
		const value = persona.mirrored(name) ?? own[name]();
		persona.show(name, value);
		events.onslice(name, value);
	});

	const runner = createEffectRunner({
		mesh,
		direct,
		solvers: new Map([[sha256Scheme.name, energy]]),
		dispatch,
		commit: (writes) => store.commit(writes, persona.epoch()),
		till: (request) => cashier?.perform(request),
		changed: (slices) => publisher.stale(...slices),
		notify: (activity) => events.onnotify(activity),
		onstorefailure: failStore,
	});

	const memes = createMemesHost({
		clock,
		random,
		log,
		store: store.channels,
		direct,
		relays,
		epoch: () => persona.epoch(),
		...(deps.chain ? { chain: deps.chain } : {}),
		changed: (...slices) => publisher.stale(...slices),
		onstorefailure: failStore,
	});

	function dispatch(event: GossipEvent): void {
		if (stopped) return;
		void runner.run(engine.handle(event, clock.now()));
		scheduleWake();
	}

	function scheduleWake(): void {
		cancelWake();
		const wake = engine.nextWake();
		if (wake === undefined || stopped) return;
		cancelWake = clock.after(Math.max(0, wake - clock.now()), () => dispatch({ kind: 'wake' }));
	}

	function reportDamage(damaged: readonly DamagedRecord[]): void {
		for (const { table, key, detail } of damaged)
			log('error', 'store', `${table} ${key} is damaged and left aside: ${detail}`);
	}

	/** Takes settings over: topics at once, relays and servers by a fresh start. */
	function adopt(next: Settings): void {
		const network = ({ relays, iceServers, relayOnly }: Settings) =>
			JSON.stringify([relays, iceServers, relayOnly]);
		const networkChanged = network(next) !== network(settings);
		settings = next;
		publisher.stale('settings');
		dispatch({ kind: 'topics', topics: next.topics });
		energy.update({ sparing: next.sparing, graphics: next.graphics });
		// Later, so that whoever asked is answered first.
		if (networkChanged) clock.after(0, () => restart('relays'));
	}

	const execute = (message: CommandMessage) =>
		executeCommand(message, {
			engine,
			keys: () => keys,
			cashier: () => cashier,
			memes,
			now: () => clock.now(),
			async run(effects) {
				await runner.run(effects);
				scheduleWake();
			},
			async applySettings(next) {
				const saved = await store.saveSettings(next);
				if (saved.ok) adopt(next);
				return saved;
			},
			erase,
			invite: (invite) => invitations.execute(invite),
			stopped: () => stopped || forgetting,
		});

	const walletPorts: Omit<CashierPorts, 'vault'> = {
		clock,
		random,
		network: config.lightning ?? 'bc',
		...(deps.webln ? { webln: deps.webln } : {}),
		commit: (writes) => store.commit(writes, persona.epoch()),
		emit: (event) => dispatch({ kind: 'till', event }),
		terms: (terms) => dispatch({ kind: 'till-terms', terms }),
		carriages: () => engine.carriages(),
		async say(replyId, text) {
			const { result, effects } = engine.command('chat', { replyId, text }, clock.now());
			await runner.run(effects);
			scheduleWake();
			return result;
		},
		changed: () => publisher.stale('lightning'),
	};

	const persona = joinPersona({
		tabs: deps.tabs,
		clock,
		store,
		me: self,
		execute,
		async onkeeper(open, records, damaged) {
			reportDamage(damaged);
			const [{ openKeys }, { Cashier }] = await Promise.all([
				import('./keys/keys.ts'),
				import('./wallet/cashier.ts'),
			]);
			keys = await openKeys({
				store,
				epoch: persona.epoch() ?? 0,
				clock,
				origin: deps.origin,
				newDeviceKey: deps.newDeviceKey,
				onchange: () => publisher.stale('keys'),
				onopen({ vault, seed }) {
					if (stopped) return;
					// Before the engine, which may at once ask how its payments of before ended.
					cashier = new Cashier({ ...walletPorts, vault }, records);
					void cashier.start();
					void runner.run(engine.openPersona(open, seed, records, clock.now()));
					scheduleWake();
					memes.keep(seed);
					publisher.stale(...everySlice);
				},
				onrestart: forget,
				onstorefailure: failStore,
			});
			const { state } = keys.view();
			if (state === 'damaged') log('error', 'keys', 'what is stored of the keys does not open');
			publisher.stale(...everySlice);
			void store.sweepTabs(clock.now() - tabMemoryMs).then((swept) => {
				if (!swept.ok) log('warn', 'store', `rows of closed tabs were not swept: ${swept.error.detail}`);
			});
		},
		onmirror(name, value) {
			if (name === 'settings') adopt(value as Settings);
			publisher.stale(name, 'network');
		},
		onshow: () => publisher.stale(...everySlice),
		ondeposed: () => restart('deposed'),
		onfailure: fail,
	});

	const unlisten = deps.tabs.listen((message) => {
		if (message.type === 'forget') restart(message.why);
	});

	signalling.start();
	direct.start({
		onopen(call) {
			if (memes.links()?.opened(call)) return;
			const { id, ...rest } = call;
			dispatch({ kind: 'call-open', callId: id, ...rest });
		},
		onframe(callId, bytes) {
			if (!memes.links()?.frame(callId, bytes)) dispatch({ kind: 'call-frame', callId, bytes });
		},
		onclose(callId, reason) {
			if (!memes.links()?.closed(callId)) dispatch({ kind: 'call-closed', callId, reason });
		},
		onfailed(call) {
			if (!memes.links()?.failed(call.self)) dispatch({ kind: 'call-failed', ...call });
		},
		ondrain: (callId) => memes.links()?.drained(callId),
		onnote: (note) => dispatch({ kind: 'note', ...note }),
	});
	mesh.start({
		onlink: (peer) => dispatch({ kind: 'link-up', peer }),
		onadmission: (peer) => dispatch({ kind: 'link-admitted', peer }),
		onunlink(peer, reason) {
			circuits.unlinked(peer);
			dispatch({ kind: 'link-down', peer, reason });
		},
		oncircuit: (peer, frame) => circuits.receive(peer, frame),
		onframe: (peer, bytes) => dispatch({ kind: 'frame', peer, bytes }),
		onchange: () => publisher.stale('network'),
	});
	dispatch({ kind: 'topics', topics: settings.topics });
	energy.update({ sparing: settings.sparing, graphics: settings.graphics });
	publisher.stale(...everySlice);

	async function erase(): Promise<Result<null, StoreError>> {
		// What this node wrote afterwards would outlive the erasing.
		forgetting = true;
		runner.stop();
		memes.stop();
		const erased = await store.erase();
		if (erased.ok) forget('erased');
		else clock.after(0, () => restart('erased'));
		return erased;
	}

	/** Starts anew in every tab. Later, so that whoever asked is answered first. */
	function forget(why: 'erased' | 'locked' | 'restored'): void {
		forgetting = true;
		runner.stop();
		memes.stop();
		clock.after(0, () => {
			deps.tabs.post({ type: 'forget', why });
			restart(why);
		});
	}

	/** A write or read of the keeper failed. */
	function failStore(error: StoreError): void {
		if (error.code === 'fenced') restart('deposed');
		else fail(error);
	}

	function restart(why: RestartCause): void {
		if (stopped) return;
		stop(why);
		events.onrestart(why);
	}

	function fail(error: StoreError): void {
		if (stopped) return;
		stop(error.code);
		events.onfatal(error);
	}

	function stop(reason: string): void {
		if (stopped) return;
		stopped = true;
		cancelWake();
		runner.stop();
		memes.stop();
		publisher.stop();
		unlisten();
		cashier?.close();
		persona.leave();
		direct.stop(reason);
		mesh.stop(reason);
		signalling.stop();
		pool.stop();
	}

	return ok({
		command(message) {
			if (!stopped) return persona.command(message);
			const error = { type: 'command', code: 'not-ready', detail: 'the node has stopped' } as const;
			return Promise.resolve({ type: 'answer', id: message.id, ok: false, error });
		},
		lifecycle(change) {
			if (change === 'visible' || change === 'hidden') {
				energy.update({ visible: change === 'visible' });
				memes.visible(change === 'visible');
			}
			mesh.lifecycle(change);
		},
		power: (reading) => energy.update(reading),
		stop,
	});
}
