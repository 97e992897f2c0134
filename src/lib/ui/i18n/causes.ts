import { causeWords } from './en-causes.ts';
import { createTranslate } from './translate.ts';

export const tCause = createTranslate('en', causeWords);
