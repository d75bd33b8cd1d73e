import { loadRoomWords } from './index';

// Tests take functions out of their pages, which would have come with these words.
await loadRoomWords();
