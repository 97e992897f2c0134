import type { ChannelId } from '#lib/channel/address.ts';
import { initialSlices } from '#lib/app/initial-slices.ts';
import type {
	PlainCommandCode,
	CommandName,
	Commands,
	FatalError,
	NodeClient,
	Slices,
} from '#lib/app/protocol.ts';
import type { PeerId } from '#lib/core/brand.ts';
import { msg, reply } from './ui-sample.ts';

type Sent = { [K in CommandName]: { readonly name: K; readonly args: Commands[K]['args'] } }[CommandName];

/** What a command answers when a test says nothing else. */
const answers: { readonly [K in CommandName]: Commands[K]['answer'] } = {
	estimate: { neighbours: 5, onCredit: 3, hashes: 4_800_000, expectedMs: 2_000, p95Ms: 2_900 },
	post: { msgId: msg('a') },
	cancelJob: null,
	renew: { msgId: msg('a') },
	removeJob: null,
	offer: { replyId: reply('9') },
	withdrawOffer: null,
	removeOffer: null,
	hideLead: null,
	retryCall: null,
	choose: null,
	decline: null,
	markDone: null,
	chat: null,
	markRead: null,
	saveSettings: null,
	unlockKeys: null,
	lockKeys: null,
	protectKeys: null,
	unprotectKeys: null,
	showPhrase: {
		phrase: 'legal winner thank year wave sausage worth useful legal winner thank yellow',
		whole: true,
	},
	restorePhrase: null,
	makeBackup: { file: new Blob(['{}']) },
	inspectBackup: { madeAt: 0, inside: {}, here: {}, secrets: 0, way: 'fill' },
	restoreBackup: { added: 0, kept: 0 },
	createInvite: { ok: true, value: 'aW52aXRl' },
	acceptInvite: { ok: true, value: 'YW5zd2Vy' },
	completeInvite: { ok: true, value: 'ab'.repeat(32) as PeerId },
	cancelInvite: null,
	eraseAll: null,
	connectWallet: null,
	disconnectWallet: null,
	setSpending: null,
	stopPayments: null,
	confirmPayment: null,
	enterPreimage: null,
	payInvoice: { paymentId: 'p1' },
	requestPayment: { bolt11: 'lnbcrt1' },
	refreshWallet: null,
	useChain: null,
	browse: null,
	openChannel: { id: `0x${'1'.repeat(64)}` as ChannelId },
	retryOpen: null,
	abandon: null,
	chooseReaction: { until: 0 },
	undoReaction: null,
	confirmReaction: null,
	burnerKey: { key: `0x${'3'.repeat(64)}` },
	reconnect: null,
	leaveChannel: null,
	contest: null,
	challenge: null,
	affirm: null,
	finish: null,
	submitClose: null,
	claimOwed: null,
	channelPicture: { bytes: new Uint8Array(0), mime: 'image/png' },
	exportChannel: { json: '{}' },
	watchBlob: { blob: '00' },
	watchChannel: { id: `0x${'1'.repeat(64)}` as ChannelId },
	setUpStudio: null,
	advertise: null,
	depositEscrow: null,
	withdrawEscrow: null,
	setLimits: null,
	pauseStudio: null,
	addPicture: { sha256: `0x${'2'.repeat(64)}` },
	removePicture: null,
	studioPicture: { bytes: new Uint8Array(0), mime: 'image/png' },
	approveRequests: null,
};

/** A NodeClient whose slices a test sets and whose commands it reads back. */
export class FakeNode implements NodeClient {
	readonly sent: Sent[] = [];
	refusal: PlainCommandCode | undefined;
	#slices: Slices = initialSlices;
	readonly #listeners = new Set<(name: keyof Slices) => void>();
	readonly #failures = new Set<(error: FatalError) => void>();

	constructor(slices: Partial<Slices> = {}) {
		this.#slices = { ...initialSlices, ...slices };
	}

	readonly slices: NodeClient['slices'] = {
		current: (name) => this.#slices[name],
		subscribe: (listener) => {
			this.#listeners.add(listener);
			return () => this.#listeners.delete(listener);
		},
	};

	set<K extends keyof Slices>(name: K, value: Slices[K]): void {
		this.#slices = { ...this.#slices, [name]: value };
		for (const listener of this.#listeners) listener(name);
	}

	fail(error: FatalError): void {
		for (const listener of this.#failures) listener(error);
	}

	command: NodeClient['command'] = (name, args) => {
		this.sent.push({ name, args } as unknown as Sent);
		if (this.refusal) {
			const error = { type: 'command', code: this.refusal, detail: 'said by the test' } as const;
			return Promise.resolve({ ok: false, error });
		}
		if (name === 'saveSettings') this.set('settings', args as Commands['saveSettings']['args']);
		return Promise.resolve({ ok: true, value: answers[name] });
	};

	onnotify(): () => void {
		return () => undefined;
	}

	serveWallet(): () => void {
		return () => undefined;
	}

	onfatal(listener: (error: FatalError) => void): () => void {
		this.#failures.add(listener);
		return () => this.#failures.delete(listener);
	}
}
