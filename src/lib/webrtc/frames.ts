import type { PeerId } from '#lib/core/brand.ts';
import { bytes, choice, hex, list, text, u16, u32, u64, u8, varBytes } from '#lib/core/wire/field.ts';
import { frame, frameTable, type FrameOf } from '#lib/core/wire/frame.ts';
import { record } from '#lib/core/wire/record.ts';
import { wireVersion } from '#lib/gossip/wire/frames.ts';
import { wireLimits } from '#lib/gossip/limits.ts';
import { proofBytes } from '#lib/pow/scheme.ts';

/**
 * Frames under this type belong to the link and never reach the engine;
 * 0x10..0x1f are mesh frames and 0x20..0x3f direct ones (gossip/wire/frames.ts).
 */
export const firstEngineType = 0x10;

/** Frames of circuits: not the link's own, but passed on like the engine's, under the same credit. */
export const circuitTypes = { first: 0x0c, last: 0x0e } as const;

/** Whether a frame is sent and read under credit, because it is not about the link itself. */
export const isCredited = (type: number): boolean =>
	type >= firstEngineType || (type >= circuitTypes.first && type <= circuitTypes.last);

/** Why a side closes a link, as it tells the other. */
export const byeCodes = {
	leaving: 1,
	/** The page is being frozen or hidden away; it may come back. */
	sleeping: 2,
	/** Too many links here. */
	full: 3,
	/** Another link between the same two stays. */
	duplicate: 4,
	/** The engine wants no more of this peer. */
	refused: 5,
	'bad-frame': 6,
	'over-credit': 7,
	'too-fast': 8,
	'bad-admission': 9,
	idle: 10,
	'hang-up': 11,
	/** The link was given up for two others, to a joiner (see Splice). */
	spliced: 12,
	/** Somebody without links needed the place more. */
	evicted: 13,
} as const;
export type ByeCode = keyof typeof byeCodes;

const counter = { seq: u32, degree: u8 };

/** A sealed signal (signals.ts) with a packed description fits; a note does not. */
export const sealedSignalBytes = 1_024;
/** Neighbours a node tells of: twice as many as it may have. */
const mostAround = 16;
const mostGreeters = 8;

const peer = hex<PeerId>(32);
const route = hex(8);
const ticket = { joiner: peer, expires: u32, offers: u8, signature: bytes(64) };

const types = [
	frame(
		0x01,
		'LinkHello',
		record('LinkHello', 'First message of each side of a connection. Nothing else is read before it.', {
			/** First 16 bytes of SHA-256 of the network's name. */
			network: bytes(16),
			purpose: choice({ mesh: 1, direct: 2 }),
			/** Who asked for the link. */
			role: choice({ caller: 1, callee: 2 }),
			key: hex(32),
			nonce: bytes(32),
			maxFrame: u16,
			degree: u8,
			maxDegree: u8,
			/** Expected hashes of the admission proof asked of a caller; 0 = none. */
			admissionComplexity: u64,
		}),
	),
	frame(
		0x02,
		'Auth',
		record(
			'Auth',
			'BIP-340 signature by the key of LinkHello over the tagged hash of network, purpose, role, both keys, both DTLS fingerprints as the signer sees them, both LinkHello hashes, the attempt and the secret proof of its offer.',
			{ signature: bytes(64) },
		),
	),
	frame(
		0x03,
		'Admission',
		record(
			'Admission',
			'The proof of work that the callee asked of the caller, over both LinkHello hashes.',
			{
				proof: varBytes(proofBytes),
			},
		),
	),
	frame(
		0x04,
		'Bye',
		record('Bye', 'The link is closed, and why.', {
			code: choice(byeCodes),
			detail: text(wireLimits.reasonBytes),
		}),
	),
	frame(0x05, 'Ping', record('Ping', 'Are you there? Also tells how many links the sender has.', counter)),
	frame(0x06, 'Pong', record('Pong', 'I am: the same seq.', counter)),
	frame(
		0x07,
		'Credit',
		record('Credit', 'How much may have been sent in all since the link opened, frames of the engine only.', {
			frames: u32,
			bytes: u64,
		}),
	),
	frame(
		0x08,
		'Walk',
		record(
			'Walk',
			'Looks for links for `joiner`. Each node on the way remembers for 30 s where it came from, under `route`; one with room calls the joiner back along it. The signature is the joiner’s, over network, key, expiry (seconds) and the number of offers it takes.',
			{ route, ...ticket, ttl: u8 },
		),
	),
	frame(
		0x09,
		'Signal',
		record('Signal', 'A sealed signal on a way that a walk laid; nobody on the way can read or change it.', {
			route,
			toward: choice({ joiner: 1, end: 2 }),
			from: peer,
			to: peer,
			body: varBytes(sealedSignalBytes),
		}),
	),
	frame(
		0x0a,
		'Splice',
		record(
			'Splice',
			'Call this joiner, as I do: once both links are open I give up the one between us, so nobody has more links than before.',
			{ route, ...ticket },
		),
	),
	frame(
		0x0b,
		'Spliced',
		record('Spliced', 'How the call that a Splice asked for ended.', {
			route,
			result: choice({ open: 1, failed: 2 }),
		}),
	),
	frame(
		0x0f,
		'Around',
		record(
			'Around',
			'My neighbours, and the candidates of the lowest rank I know for greeting newcomers, each with the seconds since it said so.',
			{
				neighbours: list(peer, mostAround),
				greeters: list(peer, mostGreeters),
				ages: list(u8, mostGreeters),
			},
		),
	),
] as const;

/** Frames of the link itself. */
export const linkFrames = frameTable(wireVersion, wireLimits.frameBytes, types);
export const linkFrameTypes = types;
export type LinkFrame = FrameOf<(typeof types)[number]>;
export type LinkFrameOf<K extends LinkFrame['kind']> = Extract<LinkFrame, { kind: K }>;

/** Frames by which neighbours keep the mesh together (overlay/). */
export type OverlayFrame = LinkFrameOf<'Walk' | 'Signal' | 'Splice' | 'Spliced' | 'Around'>;
export const overlayKinds: ReadonlySet<number> = new Set([0x08, 0x09, 0x0a, 0x0b, 0x0f]);
