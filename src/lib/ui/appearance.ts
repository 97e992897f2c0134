export const appearances = ['system', 'light', 'dark'] as const;
export type Appearance = (typeof appearances)[number];

/** Read by /appearance.js before the first paint, so it lives in localStorage. */
const key = 'appearance';

export function currentAppearance(): Appearance {
	const stored = localStorage.getItem(key);
	return appearances.find((appearance) => appearance === stored) ?? 'system';
}

export function saveAppearance(appearance: Appearance): void {
	if (appearance === 'system') {
		localStorage.removeItem(key);
		delete document.documentElement.dataset['appearance'];
	} else {
		localStorage.setItem(key, appearance);
		document.documentElement.dataset['appearance'] = appearance;
	}
}
