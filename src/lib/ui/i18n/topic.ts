import { topicWords } from './en-topic.ts';
import { createTranslate } from './translate.ts';

export const tTopic = createTranslate('en', topicWords);
