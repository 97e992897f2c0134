import type { RefusalCode } from './wire/frames.ts';
import type { TrafficView } from './view.ts';

/** Counters since this node started. */
export class Traffic {
	readonly #in = new Map<string, number>();
	readonly #out = new Map<string, number>();
	readonly #refused = new Map<RefusalCode, number>();
	hashesDone = 0;
	broadcastsSeen = 0;
	duplicates = 0;
	repliesCarried = 0;
	thanksSeen = 0;

	received(kind: string): void {
		this.#in.set(kind, (this.#in.get(kind) ?? 0) + 1);
	}

	sent(kind: string): void {
		this.#out.set(kind, (this.#out.get(kind) ?? 0) + 1);
	}

	refused(code: RefusalCode): void {
		this.#refused.set(code, (this.#refused.get(code) ?? 0) + 1);
	}

	view(): TrafficView {
		return {
			framesIn: Object.fromEntries(this.#in),
			framesOut: Object.fromEntries(this.#out),
			refused: Object.fromEntries(this.#refused),
			hashesDone: this.hashesDone,
			broadcastsSeen: this.broadcastsSeen,
			duplicates: this.duplicates,
			repliesCarried: this.repliesCarried,
			thanksSeen: this.thanksSeen,
		};
	}
}
