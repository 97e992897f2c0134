import { jobWords } from './en-job.ts';
import { createTranslate } from './translate.ts';

export const tJob = createTranslate('en', jobWords);
