import { refusalWords } from './en-refusals.ts';
import { createTranslate } from './translate.ts';

export const tRefusal = createTranslate('en', refusalWords);
