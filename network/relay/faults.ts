import { err, ok, type Result } from '#lib/core/result.ts';

/** How a relay may misbehave, changed while it runs. All off: an honest relay. */
export interface Faults {
	/** Refuses every event with this reason; '' = off. */
	readonly reject: string;
	/** Refuses events of these kinds. */
	readonly rejectKinds: readonly number[];
	/** Refuses every subscription with this reason; '' = off. */
	readonly rejectSubscriptions: string;
	/** Everything it says comes this much later, ms. */
	readonly delayMs: number;
	/** Share of deliveries that are lost though their event was accepted, 0..1. */
	readonly dropShare: number;
	/** Ends all connections and takes no new ones. */
	readonly closed: boolean;
	/** Takes connections and messages and never answers. */
	readonly stall: boolean;
	/**
	 * `content`: delivers events with another content under the author's signature. `sender`: delivers the
	 * content signed anew by the relay's own key, as if it came from there.
	 */
	readonly lie: 'off' | 'content' | 'sender';
	/** Events a connection may publish in a second before it is told "rate-limited:"; 0 = no limit. */
	readonly eventsPerSecond: number;
	/** Pairs of public keys whose events never reach each other, though they are accepted. */
	readonly blockedPairs: readonly (readonly [string, string])[];
}

export const noFaults: Faults = {
	reject: '',
	rejectKinds: [],
	rejectSubscriptions: '',
	delayMs: 0,
	dropShare: 0,
	closed: false,
	stall: false,
	lie: 'off',
	eventsPerSecond: 0,
	blockedPairs: [],
};

export interface FaultsError {
	readonly type: 'faults';
	readonly detail: string;
}

const isText = (value: unknown): boolean => typeof value === 'string' && value.length <= 200;
const isFlag = (value: unknown): boolean => typeof value === 'boolean';
const isNumber =
	(max: number) =>
	(value: unknown): boolean =>
		typeof value === 'number' && value >= 0 && value <= max;
const isList = (value: unknown, each: (item: unknown) => boolean): boolean =>
	Array.isArray(value) && value.length <= 100 && value.every(each);
const isKey = (value: unknown): boolean => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);

const accepts: { readonly [K in keyof Faults]: (value: unknown) => boolean } = {
	reject: isText,
	rejectKinds: (value) => isList(value, isNumber(65_535)),
	rejectSubscriptions: isText,
	delayMs: isNumber(60_000),
	dropShare: isNumber(1),
	closed: isFlag,
	stall: isFlag,
	lie: (value) => value === 'off' || value === 'content' || value === 'sender',
	eventsPerSecond: isNumber(1_000),
	blockedPairs: (value) =>
		isList(value, (pair) => Array.isArray(pair) && pair.length === 2 && pair.every(isKey)),
};

/** Parses a JSON object with some of the knobs. */
export function parseFaults(json: string): Result<Partial<Faults>, FaultsError> {
	const refuse = (detail: string) => err({ type: 'faults', detail } as const);
	let value: unknown;
	try {
		value = JSON.parse(json);
	} catch {
		return refuse('not JSON');
	}
	if (typeof value !== 'object' || value === null || Array.isArray(value)) return refuse('not an object');
	for (const [name, setting] of Object.entries(value)) {
		if (!Object.hasOwn(accepts, name)) return refuse(`${name}: no such knob`);
		if (!accepts[name as keyof Faults](setting)) return refuse(`${name}: not a valid setting`);
	}
	return ok(value as Partial<Faults>);
}
