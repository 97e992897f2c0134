import type { Clock } from '#lib/core/clock.ts';
import { verify } from '#lib/core/crypto/schnorr.ts';
import { createLogRing } from '#lib/core/log.ts';
import type { Random } from '#lib/core/random.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { createEngine } from '#lib/gossip/engine.ts';
import type { GossipEvent } from '#lib/gossip/event.ts';
import type { RecordWrite } from '#lib/gossip/records.ts';
import { defaultStrategies } from '#lib/gossip/strategies.ts';
import type { ActivityView } from '#lib/gossip/view.ts';
import type { PowPool } from '#lib/pow/worker/pool.ts';
import type { DamagedRecord, RecordStore, StoreError } from '#lib/store/port.ts';
import { createDirectLinks } from '#lib/webrtc/direct.ts';
import { createMesh } from '#lib/webrtc/mesh.ts';
import type { ConnFactory, Identity, Rendezvous } from '#lib/webrtc/ports.ts';
import { executeCommand } from './commands.ts';
import { createEffectRunner } from './effects.ts';
import { followKeeper, serveFollowers } from './follow.ts';
import { joinElection, type SharedSlice, type TabsPort } from './keeper.ts';
import { gossipParameters } from './parameters.ts';
import type { CommandMessage, FromNode, NodeConfig, Settings, Slices, ToNode } from './protocol.ts';
import { createPublisher } from './publisher.ts';
import { parseSettings } from './settings.ts';
import { networkView } from './network-view.ts';

/** What a node stands on. A tab passes browser adapters, a headless peer Node's, a test its own. */
export interface NodeDeps {
	readonly config: NodeConfig;
	readonly identity: Identity;
	readonly clock: Clock;
	readonly random: Random;
	readonly store: RecordStore;
	readonly tabs: TabsPort;
	readonly pool: PowPool;
	readonly conns: ConnFactory;
	rendezvous(relays: readonly string[]): readonly Rendezvous[];
}

export interface NodeEvents {
	onslice<K extends keyof Slices>(name: K, value: Slices[K]): void;
	onnotify(activity: ActivityView): void;
	/** The node stopped and a new one should start: its relays changed, or another tab took over. */
	onrestart(why: 'relays' | 'deposed'): void;
	onfatal(error: StoreError): void;
}

export interface SweetNode {
	command(message: CommandMessage): Promise<Extract<FromNode, { type: 'answer' }>>;
	lifecycle(change: Extract<ToNode, { type: 'lifecycle' }>['change']): void;
	stop(reason: string): void;
}

/** The composition root: one engine, its links, its store and its solver, wired and started. */
export async function startNode(deps: NodeDeps, events: NodeEvents): Promise<Result<SweetNode, StoreError>> {
	const { clock, random, store, tabs, pool, identity } = deps;
	const self = identity.id as Parameters<RecordStore['loadTab']>[0];
	const { log, entries } = createLogRing(() => clock.now());

	const [seed, tab, storedSettings] = await Promise.all([
		store.seed(random.bytes(32)),
		store.loadTab(self),
		store.loadSettings(),
	]);
	if (!seed.ok) return seed;
	if (!tab.ok) return tab;
	if (!storedSettings.ok) return storedSettings;
	reportDamage(tab.value.damaged);

	let settings: Settings = parseSettings(storedSettings.value);
	let role: 'undecided' | 'keeper' | 'follower' = 'undecided';
	let epoch: number | undefined;
	let stopped = false;
	let mirrored: Partial<Pick<Slices, SharedSlice>> = {};
	let cancelWake = () => {};
	const decided = deferred();

	const relays = settings.relays.length > 0 ? settings.relays : deps.config.relays;
	const rendezvous = deps.rendezvous(relays);
	const link = {
		identity,
		network: deps.config.network,
		clock,
		random,
		conns: deps.conns,
		rendezvous,
		solver: pool,
		log,
	};
	const mesh = createMesh({ ...link, parameters: deps.config.parameters });
	const direct = createDirectLinks({ ...link, parameters: deps.config.parameters });
	const engine = createEngine({
		self,
		seed: seed.value,
		random,
		verify,
		parameters: gossipParameters(deps.config.parameters),
		strategies: defaultStrategies,
		relays,
		tab: tab.value.records,
	});

	const current = <K extends keyof Slices>(name: K): Slices[K] => {
		const own: { readonly [N in keyof Slices]: () => Slices[N] } = {
			jobs: () => engine.jobs(),
			leads: () => engine.leads(),
			offers: () => engine.offers(),
			activity: () => engine.activity(),
			settings: () => settings,
			network: () =>
				networkView({
					self,
					role,
					mesh,
					rendezvous,
					ledger: engine.ledger(clock.now()),
					traffic: engine.traffic(),
					hashRate: pool.rate(),
					log: entries(),
				}),
		};
		const shared = mirrored as Partial<Slices>;
		return role === 'follower' && name !== 'network' ? (shared[name] ?? own[name]()) : own[name]();
	};
	const publisher = createPublisher(clock, (name) => {
		events.onslice(name, current(name));
		if (role === 'keeper' && name !== 'network') tabs.post({ type: 'slice', name, value: current(name) });
	});
	const everything: readonly (keyof Slices)[] = [
		'jobs',
		'leads',
		'offers',
		'activity',
		'settings',
		'network',
	];

	const runner = createEffectRunner({
		mesh,
		direct,
		pool,
		dispatch,
		commit: (writes: readonly RecordWrite[]) => store.commit(writes, epoch),
		changed: (slices) => publisher.stale(...slices),
		notify: (activity) => events.onnotify(activity),
		onstorefailure(error) {
			stop(error.code);
			if (error.code === 'fenced') events.onrestart('deposed');
			else events.onfatal(error);
		},
	});

	function dispatch(event: GossipEvent): void {
		if (stopped) return;
		void runner.run(engine.handle(event, clock.now()));
		scheduleWake();
	}

	function scheduleWake(): void {
		cancelWake();
		const wake = engine.nextWake();
		if (wake !== undefined)
			cancelWake = clock.after(Math.max(0, wake - clock.now()), () => dispatch({ kind: 'wake' }));
	}

	function reportDamage(damaged: readonly DamagedRecord[]): void {
		for (const { table, key, detail } of damaged)
			log('error', 'store', `${table} ${key} is damaged and left aside: ${detail}`);
	}

	const execute = (message: CommandMessage) =>
		executeCommand(message, {
			engine,
			store,
			now: () => clock.now(),
			async run(effects) {
				await runner.run(effects);
				scheduleWake();
			},
			applySettings,
			stopped: () => stopped,
		});

	async function applySettings(next: Settings): Promise<Result<null, StoreError>> {
		const saved = await store.saveSettings(next);
		if (!saved.ok) return saved;
		const relaysChanged = next.relays.join() !== settings.relays.join();
		settings = next;
		publisher.stale('settings');
		dispatch({ kind: 'topics', topics: next.topics });
		if (relaysChanged) clock.after(0, () => restart('relays'));
		return ok(null);
	}

	const follower = followKeeper(tabs, clock, self, (name, value) => {
		mirrored = { ...mirrored, [name]: value };
		if (role === 'undecided') role = 'follower';
		decided.resolve();
		if (name === 'settings') adoptSettings(value as Settings);
		publisher.stale(name, 'network');
	});
	let stopServing = () => {};

	/** A follower's own node follows the same topics and, after a restart, the same relays. */
	function adoptSettings(next: Settings): void {
		const relaysChanged = next.relays.join() !== settings.relays.join();
		settings = next;
		dispatch({ kind: 'topics', topics: next.topics });
		if (relaysChanged) restart('relays');
	}

	async function becomeKeeper(): Promise<void> {
		const taken = await store.takeOver();
		const persona = taken.ok ? await store.loadPersona() : taken;
		if (!taken.ok || !persona.ok) {
			const error = taken.ok ? (persona as { error: StoreError }).error : taken.error;
			stop(error.code);
			events.onfatal(error);
			return;
		}
		epoch = taken.value;
		role = 'keeper';
		decided.resolve();
		mirrored = {};
		follower.stop();
		reportDamage(persona.value.damaged);
		dispatch({ kind: 'persona-open', records: persona.value.records });
		dispatch({ kind: 'topics', topics: settings.topics });
		stopServing = serveFollowers(tabs, execute, () => publisher.stale(...everything));
		publisher.stale(...everything);
	}

	direct.start({
		onopen: ({ id, ...call }) => dispatch({ kind: 'call-open', callId: id, ...call }),
		onframe: (callId, bytes) => dispatch({ kind: 'call-frame', callId, bytes }),
		onclose: (callId, reason) => dispatch({ kind: 'call-closed', callId, reason }),
		onfailed: (call) => dispatch({ kind: 'call-failed', ...call }),
		onnote: (note) => dispatch({ kind: 'note', ...note }),
	});
	mesh.start({
		onlink: (peer) => dispatch({ kind: 'link-up', peer }),
		onadmission: (peer) => dispatch({ kind: 'link-admitted', peer }),
		onunlink: (peer, reason) => dispatch({ kind: 'link-down', peer, reason }),
		onframe: (peer, bytes) => dispatch({ kind: 'frame', peer, bytes }),
		onchange: () => publisher.stale('network'),
	});
	dispatch({ kind: 'topics', topics: settings.topics });
	void pool.calibrate().then((hashRate) => dispatch({ kind: 'device', hashRate, saving: false }));
	publisher.stale(...everything);
	const leaveElection = joinElection(tabs, clock, {
		onelected: () => void becomeKeeper(),
		ondeposed: () => restart('deposed'),
	});

	function restart(why: 'relays' | 'deposed'): void {
		if (stopped) return;
		stop(why);
		events.onrestart(why);
	}

	function stop(reason: string): void {
		if (stopped) return;
		stopped = true;
		decided.resolve();
		cancelWake();
		runner.stop();
		publisher.stop();
		follower.stop();
		stopServing();
		leaveElection();
		direct.stop(reason);
		mesh.stop(reason);
		pool.stop();
	}

	return ok({
		async command(message) {
			if (stopped)
				return {
					type: 'answer',
					id: message.id,
					ok: false,
					error: { type: 'command', code: 'not-ready', detail: 'the node has stopped' },
				};
			// A click in the first moments waits for the election instead of asking a keeper that does not exist yet.
			await decided.promise;
			return role === 'keeper' || message.name === 'estimate' ? execute(message) : follower.command(message);
		},
		lifecycle: (change) => mesh.lifecycle(change),
		stop,
	});
}

function deferred(): { readonly promise: Promise<void>; resolve(): void } {
	let resolve = () => {};
	const promise = new Promise<void>((settle) => (resolve = settle));
	return { promise, resolve };
}
