import type { BrowserContext, Page } from '@playwright/test';

declare global {
	interface Window {
		carriedFrames?: Uint8Array[];
	}
}

/**
 * Keeps a copy of every message that leaves or reaches this browser's tabs over WebRTC. Channels stay on the page for
 * it, as in browsers that cannot transfer them to a Worker.
 */
export async function watchFrames(context: BrowserContext): Promise<void> {
	await context.addInitScript(() => {
		const frames: Uint8Array[] = [];
		window.carriedFrames = frames;
		const keep = (data: unknown) => {
			if (data instanceof ArrayBuffer) frames.push(new Uint8Array(data.slice(0)));
			if (ArrayBuffer.isView(data))
				frames.push(
					new Uint8Array(
						data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength) as ArrayBuffer,
					),
				);
		};
		window.MessageChannel = class extends MessageChannel {
			constructor() {
				super();
				const post = this.port1.postMessage.bind(this.port1);
				this.port1.postMessage = (
					message: unknown,
					options?: Transferable[] | StructuredSerializeOptions,
				) => {
					const transfer = Array.isArray(options) ? options : [];
					if (transfer.some((item) => item instanceof RTCDataChannel))
						throw new DOMException('it stays here', 'DataCloneError');
					post(message, transfer);
				};
			}
		};
		window.RTCPeerConnection = class extends RTCPeerConnection {
			override createDataChannel(label: string, options?: RTCDataChannelInit) {
				const channel = super.createDataChannel(label, options);
				const send = channel.send.bind(channel);
				channel.send = (data: unknown) => {
					keep(data);
					send(data as ArrayBuffer);
				};
				channel.addEventListener('message', ({ data }) => keep(data));
				return channel;
			}
		};
	});
}

/** Everything `watchFrames` kept, readable where it is text. */
export const carried = (page: Page): Promise<string> =>
	page.evaluate(() =>
		(window.carriedFrames ?? []).map((bytes) => new TextDecoder().decode(bytes)).join('\n'),
	);

/** Every record in every database of this tab's origin, and its storage, with bytes read as text. */
export const everythingKept = (page: Page): Promise<string> =>
	page.evaluate(async () => {
		const settled = <T>(request: IDBRequest<T>) =>
			new Promise<T>((resolve, reject) => {
				request.onsuccess = () => resolve(request.result);
				request.onerror = () => reject(request.error ?? new Error('no record'));
			});
		const readable = (_key: string, value: unknown) =>
			value instanceof Uint8Array ? new TextDecoder().decode(value) : value;
		const parts = [JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage)])];
		for (const { name = '' } of await indexedDB.databases()) {
			const database = await settled(indexedDB.open(name));
			for (const table of database.objectStoreNames)
				parts.push(
					JSON.stringify(await settled(database.transaction(table).objectStore(table).getAll()), readable),
				);
			database.close();
		}
		return parts.join('\n');
	});
