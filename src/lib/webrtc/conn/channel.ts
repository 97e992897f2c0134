import type { Bytes } from '#lib/core/brand.ts';
import { connLimits } from './limits.ts';

/** The one data channel of every connection: agreed beforehand, so that no other can take its place. */
export const channelOptions: RTCDataChannelInit = { negotiated: true, id: 0, ordered: true };

export interface ChannelEvents {
	onopen(): void;
	onmessage(message: Bytes): void;
	ondrain(): void;
	onbadmessage(): void;
	onclose(): void;
}

export interface Channel {
	send(message: Bytes): boolean;
	readonly buffered: number;
	close(): void;
}

/** Reads and writes an RTCDataChannel, in the page or, after a transfer, in a Worker. */
export function openChannel(channel: RTCDataChannel, events: ChannelEvents): Channel {
	channel.binaryType = 'arraybuffer';
	channel.bufferedAmountLowThreshold = connLimits.lowWater;
	channel.onopen = () => events.onopen();
	channel.onclose = () => events.onclose();
	channel.onbufferedamountlow = () => events.ondrain();
	channel.onmessage = ({ data }: MessageEvent<unknown>) => {
		if (data instanceof ArrayBuffer) events.onmessage(new Uint8Array(data));
		else events.onbadmessage();
	};
	return {
		send(message) {
			if (channel.readyState !== 'open') return false;
			if (channel.bufferedAmount + message.length > connLimits.queueBytes) return false;
			try {
				channel.send(message);
				return true;
			} catch {
				// The peer allows less than a frame, or the state changed under us: either way it was not sent.
				return false;
			}
		},
		get buffered() {
			return channel.bufferedAmount;
		},
		close() {
			channel.onmessage = null;
			channel.close();
		},
	};
}
