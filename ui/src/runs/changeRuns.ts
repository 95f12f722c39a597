import { api } from '../api/client';
import type { BulkChange } from '../api/types';
import { tell } from '../shell/toasts';

/** Changes runs, says so, and offers to take it back. */
export async function changeRuns(changes: readonly BulkChange[], did: (runs: number) => string, done: () => Promise<unknown>): Promise<void> {
  try {
    const answer = await api.changeRuns(changes);
    const refused = answer.refused[0];
    tell({
      text: did(answer.changed) + (refused ? `. ${answer.refused.length} could not be: ${refused.message}` : ''),
      bad: refused !== undefined,
      ...(answer.undo.length > 0 ? { undo: () => void changeRuns(answer.undo, () => 'Undone', done) } : {}),
    });
  } catch (error) {
    tell({ text: error instanceof Error ? error.message : String(error), bad: true });
  }
  await done();
}
