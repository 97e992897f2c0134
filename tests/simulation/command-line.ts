/** Ends the run with a line for the person where an option is no number of this range. */
export function numberOption(
	name: string,
	text: string,
	[min, max]: readonly [min: number, max: number],
	whole = false,
): number {
	const value = Number(text);
	if (Number.isFinite(value) && value >= min && value <= max && (!whole || Number.isInteger(value)))
		return value;
	return refuse(`--${name} must be a ${whole ? 'whole ' : ''}number from ${min} to ${max}, not "${text}"`);
}

/** One of `known`, or `undefined` where nothing was asked for. */
export function choiceOption<T extends string>(
	name: string,
	text: string | undefined,
	known: readonly T[],
): T | undefined {
	const choice = known.find((one) => one === text);
	if (text === undefined || choice !== undefined) return choice;
	return refuse(`--${name} must be one of ${known.join(', ')}`);
}

function refuse(line: string): never {
	console.error(line);
	process.exit(2);
}
