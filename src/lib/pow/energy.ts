/** What is known of the device's power, its heat and who looks at the page. */
export interface Power {
	/** Absent where the browser does not tell (Firefox, Safari): then it counts as running on battery. */
	readonly battery?: { readonly charging: boolean; /** 0..1. */ readonly level: number } | undefined;
	/** A phone or tablet: it has no fan. */
	readonly mobile: boolean;
	/** The processor is close to slowing itself down (Compute Pressure's `critical`). */
	readonly hot: boolean;
	readonly visible: boolean;
	/** The person wants as little work done as possible. */
	readonly sparing: boolean;
	/** The person lets the graphics card work, too. */
	readonly graphics: boolean;
}

/** What the solver may do with the device. */
export interface WorkMode {
	/** Solvers at work at once, 1..4. */
	readonly solvers: number;
	/** Whether the graphics card works, too: it is hot and thirsty, so never on a battery. */
	readonly graphics: boolean;
	/** No work for others' jobs, and none that takes long for my own. */
	readonly saving: boolean;
	/** Only sub-puzzles that are begun are finished; nothing new is begun. */
	readonly held: boolean;
	readonly because: 'wished' | 'low' | 'battery' | 'unknown' | 'hot' | 'mains';
}

/** A device that never runs on battery: a headless peer. */
export const onMains: Power = {
	battery: { charging: true, level: 1 },
	mobile: false,
	hot: false,
	visible: true,
	sparing: false,
	graphics: false,
};

/** Before anything is known. */
export const unknownPower: Power = {
	mobile: false,
	hot: false,
	visible: true,
	sparing: false,
	graphics: false,
};

/** Charge below which a discharging battery is left alone. */
const lowLevel = 0.2;
/** Solvers of a device without a fan, however it is powered. */
const mostOnMobile = 2;

/**
 * How much of a device work may take.
 *
 * @param most solvers that it has processors for.
 */
export function workMode(power: Power, most: number): WorkMode {
	const because = reason(power);
	const cool = power.mobile ? Math.min(most, mostOnMobile) : most;
	const saving = because === 'wished' || because === 'low';
	const half = Math.max(1, Math.ceil(cool / 2));
	return {
		solvers: saving ? 1 : because === 'mains' ? cool : half,
		// A browser that does not tell of a battery, on what is no phone, is taken at the person's word.
		graphics: power.graphics && (because === 'mains' || (because === 'unknown' && !power.mobile)),
		saving,
		held: !power.visible && inPocket(power),
		because,
	};
}

function reason({ battery, hot, sparing }: Power): WorkMode['because'] {
	if (sparing) return 'wished';
	if (battery && !battery.charging) return battery.level <= lowLevel ? 'low' : 'battery';
	if (hot) return 'hot';
	return battery ? 'mains' : 'unknown';
}

/** Unseen, and draining something: a desktop that does not tell of a battery rather has none. */
const inPocket = ({ battery, mobile }: Power): boolean => (battery ? !battery.charging : mobile);
