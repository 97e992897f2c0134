import type { ChannelState } from '#lib/app/memes/protocol.ts';
import type { Tone } from './tones.ts';

export const channelTone: Readonly<Record<ChannelState, Tone>> = {
	approving: 'warn',
	refused: 'bad',
	opening: 'warn',
	requested: 'warn',
	open: 'good',
	leaving: 'warn',
	closing: 'warn',
	closed: 'calm',
	cancelled: 'calm',
};
