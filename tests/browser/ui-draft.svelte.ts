import { emptyDraft, type JobDraft } from '#lib/ui/job-draft.ts';

/** A draft that reacts to typing, as the route's own does. */
export function reactiveDraft(): JobDraft {
	const draft = $state(emptyDraft());
	return draft;
}
