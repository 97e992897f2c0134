import type { Bytes, Hex, Millis } from '#lib/core/brand.ts';
import type { Result } from '#lib/core/result.ts';
import type { Address, ChannelId, Word } from '#lib/channel/address.ts';
import type { Channel, Party, Tally } from '#lib/channel/channel.ts';
import type { ChainCall, ChainError, Head, Listing, Standing, Terms } from '#lib/channel/ports.ts';
import type { ConsentLimits } from '#lib/channel/consent.ts';
import type { Reaction } from '#lib/channel/rounds/records.ts';
import type { ChannelWaiting } from '#lib/channel/rounds/waiting.ts';
import type { Signature } from '#lib/channel/signature.ts';
import type { Message } from '#lib/channel/typed-data.ts';
import type { ChannelRefusal } from '#lib/channel/wire/frames.ts';

/**
 * What the page and the node say to each other about channels: one slice for the user's side (`memes`), one for the
 * suggester's (`studio`), and the commands of both. Codes only; the interface owns every sentence.
 */

/** A contract on a chain, and where it is read. */
export interface ChainChoice {
	readonly chainId: number;
	readonly contract: Address;
	/** Public endpoints, tried in order. */
	readonly rpcs: readonly string[];
}

/** A picture as its offer names it. */
export interface OfferView {
	readonly round: number;
	readonly sha256: Word;
	readonly size: number;
	readonly mime: string;
	/** Set when the content lies elsewhere: nothing is fetched from there by itself. */
	readonly url?: string;
	/** `mismatch`: what came is not what was signed; the evidence is kept. */
	readonly content: 'coming' | 'ready' | 'mismatch' | 'elsewhere';
	/** Bytes that came, of `size`. */
	readonly received: number;
}

export interface RoundView {
	readonly round: number;
	readonly kind: Reaction;
	readonly at: Millis;
	readonly reason?: string;
	readonly sha256: Word;
	readonly mime: string;
	/** The picture is still kept here. */
	readonly kept: boolean;
	readonly mismatch: boolean;
	/** The other side has it: for the user, an answer the suggester built on or acknowledged. */
	readonly acknowledged: boolean;
}

export type ChannelState =
	/** Asks the suggester for its approval. */
	| 'approving'
	/** The approval was refused; `refusal` says why and when to ask again. */
	| 'refused'
	/** The wallet is asked for the deposit, then the transaction is mined. */
	| 'opening'
	/** On chain as a request to an absent suggester. */
	| 'requested'
	| 'open'
	/** One side proposed to leave, or both signed. */
	| 'leaving'
	/** A contested close. */
	| 'closing'
	| 'closed'
	| 'cancelled';

export interface TransactionView {
	readonly call: ChainCall['call'];
	readonly state: 'asking' | 'sent' | 'failed';
	readonly hash?: Word;
	readonly error?: ChainError;
}

/** One channel, seen from the side this person plays (`role`). */
export interface ChannelView {
	readonly id: ChannelId;
	readonly role: Party;
	readonly channel: Channel;
	readonly createdAt: Millis;
	readonly state: ChannelState;
	readonly peer: 'offline' | 'calling' | 'online';
	readonly waiting?: ChannelWaiting;
	readonly tally: Tally;
	readonly roundsLeft: number;
	readonly offer?: OfferView;
	/** A reaction that may still be taken back. */
	readonly choosing?: { readonly kind: Reaction; readonly until: Millis };
	readonly history: readonly RoundView[];
	/** Data was lost: nothing more is signed here but leaving by agreement. */
	readonly recovering: boolean;
	readonly refusal?: { readonly code: RefusalCode; readonly retryAt?: Millis };
	readonly leaving?: {
		readonly by: Party;
		readonly tally: Tally;
		readonly mine: boolean;
		readonly theirs: boolean;
	};
	readonly standing?: Standing;
	readonly transaction?: TransactionView;
	/** The other side signed two answers to one round; kept for a challenge. */
	readonly equivocated: boolean;
}

/** Why a suggester refuses, as it tells. */
export type RefusalCode = ChannelRefusal;

export interface SuggesterView extends Listing {
	/** Whether its tab answers now. `unknown` before it was asked. */
	readonly presence: 'unknown' | 'asking' | 'online' | 'offline' | 'no-endpoint';
	/** From its own answer: when it would approve a channel of this person. */
	readonly approvesAt?: Millis;
	readonly paused: boolean;
}

export interface MemesView {
	readonly chain: {
		readonly choice?: ChainChoice;
		readonly state: 'unset' | 'reading' | 'ready' | 'failed';
		readonly error?: ChainError;
		readonly head?: Head;
	};
	/** Undefined until the list was read once. */
	readonly suggesters?: readonly SuggesterView[];
	/** Channels this person opened as a user, newest first. */
	readonly channels: readonly ChannelView[];
	/** Fetching what the contract owes, while it is on its way or after it failed. */
	readonly claim?: TransactionView;
	/** Channels of others this node watches over. */
	readonly watching: readonly {
		readonly id: ChannelId;
		readonly tally: Tally;
		readonly standing?: Standing;
	}[];
}

/** What a suggester's tab consents to by itself. */
export interface StudioLimits extends ConsentLimits {
	/** Mutual closes submitted an hour. */
	readonly closesPerHour: number;
	/** What to do when every picture was shown to a user: wait for more, or propose to leave. */
	readonly whenOut: 'wait' | 'leave';
}

export type { ChannelWaiting, Reaction };

export interface PictureView {
	readonly sha256: Word;
	readonly mime: string;
	readonly size: number;
	readonly name: string;
	readonly addedAt: Millis;
	readonly shown: number;
	readonly rewarded: number;
	readonly burned: number;
}

export interface StudioView {
	/** The account whose escrow backs the channels; unset until the studio is set up. */
	readonly account?: Address;
	/** Key of this browser that signs rounds; to be advertised as `terms.key`. */
	readonly key?: Address;
	/** To be advertised as `terms.url`. */
	readonly url?: string;
	readonly listing?: Listing;
	/** The listing names another key: another device serves, or terms must be set again from here. */
	readonly foreignKey: boolean;
	readonly paused: boolean;
	readonly limits: StudioLimits;
	readonly pictures: readonly PictureView[];
	readonly sessions: readonly ChannelView[];
	readonly requests: readonly ChannelView[];
	readonly earned: bigint;
	readonly burned: bigint;
	readonly transaction?: TransactionView;
	/** What was approved or refused lately, newest first. */
	readonly log: readonly {
		readonly at: Millis;
		readonly user: Address;
		readonly outcome: 'approved' | RefusalCode;
	}[];
}

export interface OpenRequest {
	readonly suggester: Address;
	/** Account that pays. */
	readonly user: Address;
	readonly rounds: number;
	/** What the person saw: other terms at the suggester are refused as `terms-changed`. */
	readonly expected: Terms;
	/** Rounds are confirmed in the wallet: `userKey` is the account itself. */
	readonly confirmEachRound: boolean;
}

type None = Readonly<Record<string, never>>;
interface OneChannel {
	readonly id: ChannelId;
}

/** Long steps answer at once; the slices show how they go on. */
export interface MemesCommands {
	/** Reads this contract from now on; remembered. */
	useChain: { args: ChainChoice; answer: null };
	/** Reads the list of suggesters and calls those with an endpoint to see who is there. */
	browse: { args: None; answer: null };
	/** Asks for approval, then the wallet for the deposit. */
	openChannel: { args: OpenRequest; answer: { id: ChannelId } };
	/** Asks again after a refusal, a rejected deposit, or with `onChain` leaves a request for an absent suggester. */
	retryOpen: { args: OneChannel & { onChain?: boolean }; answer: null };
	/** Takes back a request on chain, or forgets a channel that never opened. */
	abandon: { args: OneChannel; answer: null };
	/** Signed only after the undo time, 5 s. */
	chooseReaction: {
		args: OneChannel & { round: number; kind: Reaction; reason?: string };
		answer: { until: Millis };
	};
	undoReaction: { args: OneChannel; answer: null };
	/** Signs what was chosen without waiting for the end of the undo time. */
	confirmReaction: { args: OneChannel; answer: null };
	/** Calls the suggester of an open channel now. */
	reconnect: { args: OneChannel; answer: null };
	/** Proposes, or agrees to, the newest state as the final one. Either role. */
	leaveChannel: { args: OneChannel & { role: Party }; answer: null };
	/** Starts a contested close with the bond; refused after data loss. */
	contest: { args: OneChannel & { role: Party }; answer: null };
	/** Shows the newer state, accepts the claim, or ends the window: what the standing allows. */
	challenge: { args: OneChannel & { role: Party }; answer: null };
	affirm: { args: OneChannel & { role: Party }; answer: null };
	finish: { args: OneChannel & { role: Party }; answer: null };
	/** Submits the close that both signed, by the own wallet. */
	submitClose: { args: OneChannel & { role: Party }; answer: null };
	/** Key of the built-in wallet, derived from this person's seed: it comes back with every backup. */
	burnerKey: { args: None; answer: { key: Word } };
	claimOwed: { args: { account: Address }; answer: null };
	/** Bytes of a picture of a channel, checked against their hash. */
	channelPicture: { args: { sha256: Word }; answer: { bytes: Bytes; mime: string } };
	/** Every signed state of a channel, as one JSON text. */
	exportChannel: { args: OneChannel & { role: Party }; answer: { json: string } };
	/** The newest state with both signatures, for anyone to watch over. */
	watchBlob: { args: OneChannel & { role: Party }; answer: { blob: Hex } };
	/** Watches over somebody's channel: challenges when the chain shows something older. */
	watchChannel: { args: { blob: string; from: Address }; answer: { id: ChannelId } };

	/** The account whose escrow backs this studio. */
	setUpStudio: { args: { account: Address }; answer: null };
	/** Advertises the terms with this studio's key and URL, adding `amount` to the escrow. */
	advertise: {
		args: { terms: Omit<Terms, 'key' | 'url'>; amount: bigint };
		answer: null;
	};
	depositEscrow: { args: { amount: bigint }; answer: null };
	withdrawEscrow: { args: { amount: bigint }; answer: null };
	setLimits: { args: StudioLimits; answer: null };
	pauseStudio: { args: { paused: boolean }; answer: null };
	/** A picture already stripped and re-encoded by the page; header and size are checked again. */
	addPicture: { args: { name: string; bytes: Bytes }; answer: { sha256: Word } };
	removePicture: { args: { sha256: Word }; answer: null };
	studioPicture: { args: { sha256: Word }; answer: { bytes: Bytes; mime: string } };
	/** Opens requested channels on chain. */
	approveRequests: { args: { ids: readonly ChannelId[] }; answer: null };
}

export type MemesCommandName = keyof MemesCommands;

/** A refused command of this half. */
export interface MemesCommandError {
	readonly type: 'command';
	readonly code:
		| 'not-ready'
		| 'not-found'
		| 'wrong-state'
		| 'bad-terms'
		| 'bad-picture'
		| 'too-long'
		| 'no-chain'
		| 'recovering'
		| 'bad-blob'
		| 'storage';
	readonly detail: string;
}

/** What the Worker asks of the page's wallet (channel/ports.ts `Wallet`). */
export type WalletRequest =
	| {
			readonly kind: 'submit';
			readonly choice: ChainChoice;
			readonly call: ChainCall;
			readonly from: Address;
	  }
	| {
			readonly kind: 'sign';
			readonly choice: ChainChoice;
			readonly message: Message;
			readonly from: Address;
	  };

/** A transaction's hash for `submit`, a signature for `sign`. */
export type WalletAnswer = Result<Word | Signature, ChainError>;
