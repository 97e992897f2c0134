import type { Bytes, Millis } from '#lib/core/brand.ts';
import type { Priority } from '../ports.ts';

interface Waiting {
	readonly bytes: Bytes;
	readonly since: Millis;
}

export interface QueueLimits {
	readonly queueFrames: number;
	readonly queueBytes: number;
	readonly staleMs: number;
}

/** Frames that wait for credit, most urgent class first, in order within a class; each class has its own room. */
export class SendQueue {
	readonly #limits: QueueLimits;
	readonly #classes: readonly { items: Waiting[]; bytes: number }[] = [0, 1, 2].map(() => ({
		items: [],
		bytes: 0,
	}));

	constructor(limits: QueueLimits) {
		this.#limits = limits;
	}

	/** False when the class is full. */
	push(bytes: Bytes, priority: Priority, now: Millis): boolean {
		const queue = this.#classes[priority];
		if (!queue || queue.items.length >= this.#limits.queueFrames) return false;
		if (queue.bytes + bytes.length > this.#limits.queueBytes) return false;
		queue.items.push({ bytes, since: now });
		queue.bytes += bytes.length;
		return true;
	}

	/** The next frame, left in place; frames that waited too long are dropped on the way. */
	peek(now: Millis): Bytes | undefined {
		for (const queue of this.#classes) {
			const fresh = queue.items.findIndex((item) => now - item.since < this.#limits.staleMs);
			const gone = queue.items.splice(0, fresh < 0 ? queue.items.length : fresh);
			for (const { bytes } of gone) queue.bytes -= bytes.length;
			const [head] = queue.items;
			if (head) return head.bytes;
		}
		return undefined;
	}

	/** Removes what `peek` showed. */
	shift(): void {
		for (const queue of this.#classes) {
			const head = queue.items.shift();
			if (!head) continue;
			queue.bytes -= head.bytes.length;
			return;
		}
	}

	/** At most half of the class's room is taken. */
	halfEmpty(priority: Priority): boolean {
		const queue = this.#classes[priority];
		const { queueFrames, queueBytes } = this.#limits;
		return !queue || (queue.items.length <= queueFrames / 2 && queue.bytes <= queueBytes / 2);
	}

	get empty(): boolean {
		return this.#classes.every((queue) => queue.items.length === 0);
	}
}
