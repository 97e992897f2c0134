import { between, bytes, choice, u8, varBytes } from '#lib/core/wire/field.ts';
import { frame, frameTable, type FrameOf } from '#lib/core/wire/frame.ts';
import { record } from '#lib/core/wire/record.ts';
import { wireLimits } from '#lib/gossip/limits.ts';
import { wireVersion } from '#lib/gossip/wire/frames.ts';
import { circuitLimits } from './limits.ts';

const tag = bytes(16);
const side = choice({ caller: 1, callee: 2 });
export type Side = ReturnType<(typeof side)['read']>;
export const otherSide = (of: Side): Side => (of === 'caller' ? 'callee' : 'caller');

/** Sealed piece: 8 B number, 1 B of kind, 16 B of authentication. */
const sealedBytes = circuitLimits.pieceBytes + 8 + 1 + 16;

const types = [
	frame(
		0x0c,
		'CircuitOpen',
		record(
			'CircuitOpen',
			'One end of a circuit is this way. Passed on to all neighbours while `ttl` lasts; where both ends are known, only towards the other.',
			{ tag, side, ttl: between(u8, 0, circuitLimits.hops) },
		),
	),
	frame(
		0x0d,
		'CircuitData',
		record('CircuitData', 'A piece of a circuit, for the end `to` only to read.', {
			tag,
			to: side,
			sealed: varBytes(sealedBytes),
		}),
	),
	frame(
		0x0e,
		'CircuitClose',
		record('CircuitClose', 'The circuit is over; told towards the end `to`.', { tag, to: side }),
	),
] as const;

export const circuitFrames = frameTable(wireVersion, wireLimits.frameBytes, types);
export const circuitFrameTypes = types;
export type CircuitFrame = FrameOf<(typeof types)[number]>;
export type CircuitFrameOf<K extends CircuitFrame['kind']> = Extract<CircuitFrame, { kind: K }>;
