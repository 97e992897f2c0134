import type { Result } from '#lib/core/result.ts';

type Answer = Result<unknown, string>;

/** Questions of the Worker to its page, each answered once. A person may take as long as it likes to answer. */
export function createQuestions<Call>(post: (id: number, call: Call) => void): {
	ask(call: Call): Promise<Answer>;
	answered(id: number, answer: Answer): void;
} {
	const waiting = new Map<number, (answer: Answer) => void>();
	let nextId = 1;
	return {
		ask(call) {
			const id = nextId++;
			return new Promise((resolve) => {
				waiting.set(id, resolve);
				post(id, call);
			});
		},
		answered(id, answer) {
			waiting.get(id)?.(answer);
			waiting.delete(id);
		},
	};
}
