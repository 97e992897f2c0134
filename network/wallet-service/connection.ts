import type { Hex, PublicKey } from '#lib/core/brand.ts';
import type { Clock } from '#lib/core/clock.ts';
import { publicKey, secretFrom, verify } from '#lib/core/crypto/schnorr.ts';
import { toHex } from '#lib/core/bytes.ts';
import type { Log } from '#lib/core/log.ts';
import type { Random } from '#lib/core/random.ts';
import { SeenSet } from '#lib/core/seen-set.ts';
import type { Identity } from '#lib/webrtc/ports.ts';
import {
	expiration,
	signEvent,
	tagValues,
	verifyEvent,
	type NostrEvent,
} from '#lib/webrtc/rendezvous/nostr/event.ts';
import { connectRelay } from '#lib/webrtc/rendezvous/nostr/relay-connection.ts';
import { platformSocket } from '#lib/webrtc/rendezvous/nostr/socket.ts';
import { answer, type ReadInvoice } from './answer.ts';
import type { Backend, BackendEvent } from './backend.ts';
import { createBudget, type BudgetState } from './budget.ts';
import { noWalletFaults, type WalletFaults } from './faults.ts';
import type { Grant, NotificationType } from './grant.ts';
import { parseRequest, type Request } from './request.ts';
import { createSealer } from './seal.ts';

/** Event kinds of NIP-47. */
const kinds = { info: 13_194, request: 23_194, response: 23_195, notification: 23_197 } as const;

const notificationOf: Readonly<Record<BackendEvent['type'], NotificationType | undefined>> = {
	accepted: 'hold_invoice_accepted',
	received: 'payment_received',
	sent: 'payment_sent',
	failed: undefined,
};

/** How long a request's id is remembered, ms, so that none is done twice. */
const rememberMs = 600_000;

export interface ConnectionDeps {
	readonly relay: string;
	readonly clock: Clock;
	readonly random: Random;
	readonly log: Log;
	readonly backend: Backend;
	readonly grant: Grant;
	readonly readInvoice: ReadInvoice;
	/** The client's key when it made its own (an authorisation URI); without it the service makes the client's secret. */
	readonly client?: PublicKey;
}

/** One client's access to one wallet. */
export interface WalletConnection {
	/** The wallet's key for this client. */
	readonly wallet: PublicKey;
	/** What the client is given to connect; undefined when it brought its own key. It spends: never log it. */
	readonly uri: string | undefined;
	/** The relay has taken the wallet's subscription: requests are heard. */
	readonly online: boolean;
	readonly faults: WalletFaults;
	setFaults(change: Partial<WalletFaults>): void;
	budget(): BudgetState | undefined;
	/** Requests answered so far, by method. */
	readonly served: ReadonlyMap<string, number>;
	/** Ends the client's access. */
	revoke(): void;
}

function newIdentity(random: Random): Identity {
	const secret = secretFrom(random.bytes(48));
	return { secret, id: publicKey(secret) };
}

/** Serves one client over one relay until it is revoked. NIP-44 only; a NIP-04 request is refused. */
export function openConnection(deps: ConnectionDeps): WalletConnection {
	const { clock, random, backend, grant } = deps;
	const self = newIdentity(random);
	const wallet = publicKey(self.secret);
	const own = deps.client === undefined ? newIdentity(random) : undefined;
	const client = deps.client ?? publicKey((own as Identity).secret);
	const budget = grant.budget && createBudget(grant.budget, clock);
	const seen = new SeenSet(rememberMs, 10_000, clock.now());
	const served = new Map<string, number>();
	const sealers = new Map<Hex, ReturnType<typeof createSealer>>();
	let faults = noWalletFaults;
	let open = true;
	let relay = connect();

	const seconds = () => Math.floor(clock.now() / 1_000);
	const desk = {
		backend,
		grant,
		budget,
		random,
		now: seconds,
		faults: () => faults,
		readInvoice: deps.readInvoice,
	};

	function connect() {
		const connection = connectRelay({
			url: deps.relay,
			openSocket: platformSocket,
			clock,
			random,
			log: deps.log,
			skewMs: 60_000,
			onevent: (event) => void heard(event),
			onchange: () => undefined,
		});
		connection.subscribe('requests', { kinds: [kinds.request], '#p': [wallet] });
		connection.publish(infoEvent());
		return connection;
	}

	function infoEvent(): NostrEvent {
		const { notifications } = grant;
		const tags = [
			['encryption', 'nip44_v2'],
			...(notifications.length > 0 ? [['notifications', notifications.join(' ')]] : []),
			...(deps.client === undefined ? [] : [['p', deps.client]]),
		];
		const content = [...grant.methods, ...(notifications.length > 0 ? ['notifications'] : [])].join(' ');
		return signEvent({ kind: kinds.info, created_at: Math.floor(clock.now() / 1_000), tags, content }, self);
	}

	const sealerFor = (key: PublicKey) => {
		if (key !== client) return createSealer(self.secret, key, random);
		if (!sealers.has(key)) sealers.set(key, createSealer(self.secret, key, random));
		return sealers.get(key);
	};

	async function heard(event: NostrEvent): Promise<void> {
		if (!open || faults.offline || !seen.add(event.id, clock.now())) return;
		if ((expiration(event) ?? Number.MAX_SAFE_INTEGER) <= seconds()) return;
		if (!verifyEvent(event, verify).ok) return;
		const [encryption = 'nip04'] = tagValues(event, 'encryption');
		const sealer = sealerFor(event.pubkey);
		const request = parseRequest(sealer?.open(event.content));
		const method = request?.method ?? 'unknown';
		const say = (body: Readonly<Record<string, unknown>>) => {
			if (!sealer) return;
			served.set(method, (served.get(method) ?? 0) + 1);
			speak(kinds.response, sealer.seal({ result_type: method, ...body }), event.pubkey, [['e', event.id]]);
		};
		const fail = (code: string, message: string) => say({ result: null, error: { code, message } });
		if (encryption !== 'nip44_v2') fail('UNSUPPORTED_ENCRYPTION', 'only nip44_v2 is spoken here');
		else if (event.pubkey !== client) fail('UNAUTHORIZED', 'no wallet is connected to this key');
		else if (!request) fail('OTHER', 'not a request sealed to this wallet');
		else await serve(request, say);
	}

	async function serve(
		request: Request,
		say: (body: Readonly<Record<string, unknown>>) => void,
	): Promise<void> {
		const done = await answer(desk, request);
		if (faults.silent.includes(request.method)) return;
		const tell = () =>
			say(done.ok ? { result: done.value, error: null } : { result: null, error: done.error });
		if (faults.delayMs === 0) tell();
		else clock.after(faults.delayMs, tell);
	}

	function speak(kind: number, content: string, to: PublicKey, tags: readonly (readonly string[])[]): void {
		if (!open || faults.offline) return;
		relay.publish(signEvent({ kind, created_at: seconds(), tags: [['p', to], ...tags], content }, self));
	}

	function notify(type: NotificationType, notification: unknown): void {
		if (!grant.notifications.includes(type) || faults.dropNotifications.includes(type)) return;
		const sealer = sealerFor(client);
		if (sealer) speak(kinds.notification, sealer.seal({ notification_type: type, notification }), client, []);
	}

	const stopWatching = backend.watch(({ type, transaction }) => {
		const name = notificationOf[type];
		if (name) notify(name, transaction);
	});

	return {
		wallet,
		uri:
			own &&
			`nostr+walletconnect://${wallet}?relay=${encodeURIComponent(deps.relay)}&secret=${toHex(own.secret)}`,
		get online() {
			const { state, rttMs } = relay.status();
			return state === 'open' && rttMs !== undefined;
		},
		get faults() {
			return faults;
		},
		setFaults(change) {
			const was = faults;
			faults = { ...faults, ...change };
			if (faults.offline && !was.offline) relay.stop();
			if (!faults.offline && was.offline) relay = connect();
		},
		budget: () => budget?.state(),
		served,
		revoke() {
			if (!open) return;
			open = false;
			stopWatching();
			relay.stop();
		},
	};
}
