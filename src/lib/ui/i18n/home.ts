import { homeWords } from './en-home.ts';
import { createTranslate } from './translate.ts';

export const tHome = createTranslate('en', homeWords);
