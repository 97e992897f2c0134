import type { PeerId, Topic } from '#lib/core/brand.ts';
import type { Result } from '#lib/core/result.ts';
import type { LogEntry } from '#lib/core/log.ts';
import type { EngineCommandError, EngineCommands } from '#lib/gossip/command.ts';
import type {
	ActivityView,
	EstimateView,
	JobView,
	LeadView,
	LedgerView,
	MyOfferView,
	TrafficView,
} from '#lib/gossip/view.ts';
import type { ChainConfig } from '#lib/channel/chain-config.ts';
import type { PowerReading } from './platform/power.ts';
import type { WorkMode } from '#lib/pow/energy.ts';
import type { GraphicsState } from '#lib/pow/worker/crew.ts';
import type {
	MemesCommandError,
	MemesCommands,
	MemesView,
	StudioView,
	WalletAnswer,
	WalletRequest,
} from './memes/protocol.ts';
import type { IceServer, LinkInfo, RendezvousStatus } from '#lib/webrtc/ports.ts';
import type { InvitationState } from '#lib/webrtc/invite/invitations.ts';
import type { KeysCommands, KeysErrorCode, KeysView } from './keys/protocol.ts';
import type { LightningNetwork } from '#lib/wallet/lightning/port.ts';
import type { WeblnCall } from '#lib/wallet/lightning/webln.ts';
import type { LightningView, WalletCommandCode, WalletCommands } from './wallet/protocol.ts';
import type { Trouble } from './conn-health.ts';
import type { InviteCommands } from './invite-desk.ts';

/**
 * What the page and the node's Worker say to each other. Commands are answered once each;
 * slices are sent whole whenever they changed, at most ten times a second.
 */

/** Deployment settings, served beside the app as /config.json and overridden by the user's own settings. */
export interface NodeConfig {
	/** Name of the mesh; nodes of different networks never link. */
	readonly network: string;
	readonly relays: readonly string[];
	/** The Lightning network of wallets that cannot say which one they are on; Bitcoin's without it. */
	readonly lightning?: LightningNetwork;
	readonly iceServers: readonly IceServer[];
	/** Parameters of strategies that a deployment (a test network) may lower or raise; see app/config.ts. */
	readonly parameters: Readonly<Partial<NodeParameters>>;
	/** EVM chains with suggestion channels, the preferred one first; without any there are no memes. */
	readonly chains?: readonly ChainConfig[];
}

export interface NodeParameters {
	/** Expected hashes of the admission proof this node asks of who asks it for a link. */
	readonly admissionComplexity: number;
	/** Expected hashes of one base unit of work. */
	readonly baseComplexity: number;
	/** How long a carried reply may wait for its thank-you, ms. */
	readonly thankYouTimeoutMs: number;
	/** How long the price of a carried reply may stay locked or promised without a thank-you, ms. */
	readonly replyLockMs: number;
	/** How long a neighbour may take to answer an AskForFavour, ms. */
	readonly askTimeoutMs: number;
	/** Links wanted. */
	readonly targetLinks: number;
	/** Walks through the mesh in search of links; 0 = every link is made by the rendezvous. */
	readonly walksPerMinute: number;
}

export interface Settings {
	readonly topics: readonly Topic[];
	/** Own relay list; empty = the deployment's. */
	readonly relays: readonly string[];
	/** Own STUN and TURN servers; empty = the deployment's. */
	readonly iceServers: readonly IceServer[];
	/** Connect through TURN servers only, so that no peer learns this device's address. */
	readonly relayOnly: boolean;
	readonly notifications: boolean;
	/** As little work as possible by this device, however it is powered. */
	readonly sparing: boolean;
	/** The graphics card may work for favours, too. */
	readonly graphics: boolean;
	readonly name: string;
}

export interface NetworkView {
	readonly self: PeerId | undefined;
	readonly state: 'starting' | 'joining' | 'joined' | 'alone' | 'offline' | 'stopped';
	/** Whether this tab keeps the jobs and offers, or another tab of this browser does. */
	readonly role: 'keeper' | 'follower' | 'undecided';
	readonly links: readonly LinkInfo[];
	readonly relays: readonly RendezvousStatus[];
	/** Why no connection comes to be, as far as this side can tell. */
	readonly trouble: Trouble | undefined;
	/** How it stands with an invitation by hand. */
	readonly invitation: InvitationState;
	readonly ledger: readonly LedgerView[];
	readonly traffic: TrafficView;
	/** Measured hashes a second of the solver; 0 before the first measurement. */
	readonly hashRate: number;
	/** How much of the device work may take, and why. */
	readonly work: WorkMode;
	readonly graphics: GraphicsState;
	readonly log: readonly LogEntry[];
}

/** Slices of the view; each is replaced as a whole. */
export interface Slices {
	readonly jobs: readonly JobView[];
	readonly leads: readonly LeadView[];
	readonly offers: readonly MyOfferView[];
	readonly activity: readonly ActivityView[];
	readonly network: NetworkView;
	readonly settings: Settings;
	readonly keys: KeysView;
	readonly lightning: LightningView;
	/** Suggestion channels, from the user's side and the suggester's. */
	readonly memes: MemesView;
	readonly studio: StudioView;
}

/** Each command with its arguments and its answer; the engine's own are in gossip/command.ts. */
export interface Commands
	extends EngineCommands, KeysCommands, WalletCommands, MemesCommands, InviteCommands {
	estimate: { args: { topic: Topic; message: string }; answer: EstimateView };
	saveSettings: { args: Settings; answer: null };
	/** Deletes everything this browser keeps; the page reloads after it. */
	eraseAll: { args: Readonly<Record<string, never>>; answer: null };
}

export type CommandName = keyof Commands;

/** A refused command: a code for the interface's words, and detail for the log. */
export type CommandError =
	| {
			readonly type: 'command';
			readonly code:
				EngineCommandError['code'] | MemesCommandError['code'] | 'storage' | 'no-keeper' | 'locked';
			readonly detail: string;
	  }
	/** The wallet or its owner's rules say no; why is said in words that only the wallet's screens load. */
	| {
			readonly type: 'command';
			readonly code: 'wallet';
			readonly cause: WalletCommandCode;
			readonly detail: string;
	  }
	/** A key or a backup is not the right one; why is said in words that only its screens load. */
	| {
			readonly type: 'command';
			readonly code: 'keys';
			readonly cause: Exclude<KeysErrorCode, 'locked'>;
			readonly detail: string;
	  };

/** Codes that need no further cause. */
export type PlainCommandCode = Exclude<CommandError['code'], 'wallet' | 'keys'>;

export type CommandMessage = {
	[K in CommandName]: {
		readonly type: 'command';
		readonly id: number;
		readonly name: K;
		readonly args: Commands[K]['args'];
	};
}[CommandName];

/** Page to worker. */
export type ToNode =
	| {
			readonly type: 'start';
			readonly config: NodeConfig;
			readonly peerSecret: string;
			readonly rtc: MessagePort;
			/** Connections of direct links. */
			readonly calls: MessagePort;
			readonly visible: boolean;
	  }
	| {
			readonly type: 'lifecycle';
			readonly change: 'visible' | 'hidden' | 'freeze' | 'resume' | 'online' | 'offline';
	  }
	/** Now, and whenever it changes. */
	| { readonly type: 'power'; readonly reading: PowerReading }
	/** What the page's WebLN provider said. */
	| { readonly type: 'webln-answer'; readonly id: number; readonly answer: Result<unknown, string> }
	/** The page's wallet answered. */
	| { readonly type: 'wallet-answer'; readonly id: number; readonly answer: WalletAnswer }
	| CommandMessage;

/**
 * Its relays or its ways to connect changed, another tab took over, everything was erased, the keys locked, or a
 * backup restored.
 */
export type RestartCause = 'relays' | 'deposed' | 'erased' | 'locked' | 'restored';

/** Worker to page. */
export type FromNode =
	| { readonly type: 'slice'; readonly name: keyof Slices; readonly value: Slices[keyof Slices] }
	| { readonly type: 'answer'; readonly id: number; readonly ok: true; readonly value: unknown }
	| { readonly type: 'answer'; readonly id: number; readonly ok: false; readonly error: CommandError }
	/** A question for the page's WebLN provider. */
	| { readonly type: 'webln'; readonly id: number; readonly call: WeblnCall }
	/** Worth telling a person who is not looking. */
	| { readonly type: 'notify'; readonly activity: ActivityView }
	/** The page's wallet is asked; answered once by `wallet-answer`, whenever the person decides. */
	| { readonly type: 'wallet'; readonly id: number; readonly request: WalletRequest }
	/** The node stopped itself and asks for a fresh start. */
	| { readonly type: 'restart'; readonly why: RestartCause }
	| { readonly type: 'fatal'; readonly error: FatalError };

/** The node cannot go on; nothing acknowledged is lost. The codes are the store's, `crash` is a bug. */
export interface FatalError {
	readonly code: 'full' | 'fenced' | 'newer' | 'unavailable' | 'failed' | 'crash' | 'config';
	readonly detail: string;
}

/** What the interface holds: the node behind a Worker, or a fake in a component test. */
export interface NodeClient {
	readonly slices: {
		current<K extends keyof Slices>(name: K): Slices[K];
		subscribe(listener: (name: keyof Slices) => void): () => void;
	};
	command<K extends CommandName>(
		name: K,
		args: Commands[K]['args'],
	): Promise<{ ok: true; value: Commands[K]['answer'] } | { ok: false; error: CommandError }>;
	onnotify(listener: (activity: ActivityView) => void): () => void;
	onfatal(listener: (error: FatalError) => void): () => void;
	/** Answers the node's questions to the wallet until the returned function is called; the newest handler is asked. */
	serveWallet(handler: (request: WalletRequest) => Promise<WalletAnswer>): () => void;
}
