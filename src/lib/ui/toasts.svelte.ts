/** How long a plain note stays, ms; problems stay until closed. */
const noteMs = 6000;

export interface Toast {
	readonly id: number;
	readonly kind: 'note' | 'problem';
	readonly text: string;
}

export class Toasts {
	list = $state.raw<readonly Toast[]>([]);
	#next = 0;

	note(text: string): void {
		const id = this.#add('note', text);
		setTimeout(() => this.close(id), noteMs);
	}

	problem(text: string): void {
		this.#add('problem', text);
	}

	close(id: number): void {
		this.list = this.list.filter((toast) => toast.id !== id);
	}

	#add(kind: Toast['kind'], text: string): number {
		const id = this.#next++;
		// The same sentence twice would only cover more of the screen.
		this.list = [...this.list.filter((toast) => toast.text !== text), { id, kind, text }];
		return id;
	}
}
