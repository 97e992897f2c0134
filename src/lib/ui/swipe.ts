/** How far a finger must travel sideways, px, and how much further than up or down. */
const far = 64;
const straight = 1.5;

/** Which way a touch went, if it was a clear sideways swipe. */
export function swipeOf(
	start: { readonly x: number; readonly y: number },
	end: { readonly x: number; readonly y: number },
): 'left' | 'right' | undefined {
	const dx = end.x - start.x;
	const dy = end.y - start.y;
	if (Math.abs(dx) < far || Math.abs(dx) < straight * Math.abs(dy)) return undefined;
	return dx > 0 ? 'right' : 'left';
}

/** The reaction a key stands for. */
export function reactionOfKey(key: string): 'reward' | 'burn' | 'undo' | undefined {
	switch (key) {
		case 'r':
		case 'R':
		case 'ArrowRight':
			return 'reward';
		case 'b':
		case 'B':
		case 'ArrowLeft':
			return 'burn';
		case 'u':
		case 'U':
		case 'Escape':
			return 'undo';
		default:
			return undefined;
	}
}
