/** Bytes of a WebAssembly module's text, nested as it is written (WebAssembly Core 2.0, chapter 5). */
export type Code = readonly (number | Code)[];

export function flatten(code: Code): number[] {
	return code.flatMap((part) => (typeof part === 'number' ? [part] : flatten(part)));
}

/** Unsigned LEB128. */
export function unsigned(value: number): number[] {
	const bytes: number[] = [];
	for (let rest = value; ; rest = Math.floor(rest / 128)) {
		if (rest < 128) return [...bytes, rest];
		bytes.push((rest % 128) | 0x80);
	}
}

/** Signed LEB128 of a 32-bit integer. */
export function signed(value: number): number[] {
	const bytes: number[] = [];
	for (let rest = value | 0; ; rest >>= 7) {
		const low = rest & 0x7f;
		if (rest === (low << 25) >> 25) return [...bytes, low];
		bytes.push(low | 0x80);
	}
}

/** Four bytes, little-endian. */
export const word = (value: number): number[] => [0, 8, 16, 24].map((shift) => (value >>> shift) & 0xff);

export function vector(items: readonly Code[]): Code {
	return [unsigned(items.length), ...items];
}

export function sized(code: Code): Code {
	const bytes = flatten(code);
	return [unsigned(bytes.length), bytes];
}

export function section(id: number, items: readonly Code[]): Code {
	return [id, sized(vector(items))];
}

export function name(text: string): Code {
	return sized([...new TextEncoder().encode(text)]);
}
