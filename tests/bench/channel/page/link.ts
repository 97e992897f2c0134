import type { Bytes } from '#lib/core/brand.ts';

/** A data channel between two tabs whose descriptions somebody carries over. Ordered and reliable, as in the app. */
export class Link {
	readonly #connection = new RTCPeerConnection({ iceServers: [] });
	readonly #open: Promise<RTCDataChannel>;
	#channel: RTCDataChannel | undefined;
	bytesSent = 0;
	onmessage: (bytes: Bytes) => void = () => undefined;

	constructor(caller: boolean) {
		this.#open = new Promise((resolve) => {
			const take = (channel: RTCDataChannel) => {
				channel.binaryType = 'arraybuffer';
				channel.onmessage = ({ data }) => this.onmessage(new Uint8Array(data as ArrayBuffer));
				channel.onopen = () => {
					this.#channel = channel;
					resolve(channel);
				};
			};
			if (caller) take(this.#connection.createDataChannel('bench'));
			else this.#connection.ondatachannel = ({ channel }) => take(channel);
		});
	}

	async offer(): Promise<string> {
		return this.#describe(await this.#connection.createOffer());
	}

	async answer(offer: string): Promise<string> {
		await this.#connection.setRemoteDescription({ type: 'offer', sdp: offer });
		return this.#describe(await this.#connection.createAnswer());
	}

	async accept(answer: string): Promise<void> {
		await this.#connection.setRemoteDescription({ type: 'answer', sdp: answer });
		await this.#open;
	}

	opened(): Promise<unknown> {
		return this.#open;
	}

	send(bytes: Bytes): void {
		this.bytesSent += bytes.length;
		this.#channel?.send(bytes);
	}

	/** The description with all candidates in it. */
	async #describe(description: RTCSessionDescriptionInit): Promise<string> {
		const connection = this.#connection;
		const gathered = new Promise<void>((resolve) => {
			connection.onicegatheringstatechange = () => {
				if (connection.iceGatheringState === 'complete') resolve();
			};
		});
		await connection.setLocalDescription(description);
		if (connection.iceGatheringState !== 'complete') await gathered;
		return connection.localDescription?.sdp ?? '';
	}
}
