import type { Clock } from '#lib/core/clock.ts';
import type { ChannelId } from '#lib/channel/address.ts';
import type { ChainError, ChainReader, Head, Standing } from '#lib/channel/ports.ts';

/** How often the chain is looked at, ms: while somebody looks at the page, and otherwise. A window is 10 min or more. */
const everyMs = { visible: 15_000, hidden: 60_000 } as const;
/** A look that follows something of ours waits this long for others to join it, ms. */
const soonMs = 200;

export interface ChainWatchPorts {
	readonly clock: Clock;
	reader(): ChainReader | undefined;
	/** Channels whose standing matters. */
	ids(): readonly ChannelId[];
	onstandings(standings: ReadonlyMap<ChannelId, Standing>, head: Head): void;
	onerror(error: ChainError): void;
}

/** Looks at the chain again and again: one call for the block, one for all channels, and no filters or logs. */
export class ChainWatch {
	readonly #ports: ChainWatchPorts;
	#visible = true;
	#looking = false;
	#again = false;
	#stopped = false;
	#cancel = () => {};

	constructor(ports: ChainWatchPorts) {
		this.#ports = ports;
	}

	look(): void {
		this.#plan(soonMs);
	}

	visible(visible: boolean): void {
		this.#visible = visible;
		if (visible) this.look();
	}

	stop(): void {
		this.#stopped = true;
		this.#cancel();
	}

	#plan(ms: number): void {
		this.#cancel();
		if (!this.#stopped) this.#cancel = this.#ports.clock.after(ms, () => void this.#look());
	}

	async #look(): Promise<void> {
		if (this.#looking) {
			this.#again = true;
			return;
		}
		this.#looking = true;
		await this.#read();
		this.#looking = false;
		const again = this.#again;
		this.#again = false;
		this.#plan(again ? soonMs : this.#visible ? everyMs.visible : everyMs.hidden);
	}

	async #read(): Promise<void> {
		const reader = this.#ports.reader();
		if (!reader) return;
		const ids = this.#ports.ids();
		// The block first: a deadline is never judged by a time that is newer than the standing.
		const head = await reader.head();
		const standings = head.ok && ids.length > 0 ? await reader.standings(ids) : undefined;
		if (this.#stopped || this.#ports.reader() !== reader) return;
		if (!head.ok) {
			this.#ports.onerror(head.error);
			return;
		}
		if (standings && !standings.ok) {
			this.#ports.onerror(standings.error);
			return;
		}
		const known = standings?.ok ? standings.value : [];
		const pairs = ids.flatMap((id, index) => {
			const standing = known[index];
			return standing ? [[id, standing] as const] : [];
		});
		this.#ports.onstandings(new Map(pairs), head.value);
	}
}
