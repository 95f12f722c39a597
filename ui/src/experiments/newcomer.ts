/** W&B's client wants 40 letters; a server without keys takes any. */
const anyKey = '0123456789'.repeat(4);

/** What somebody who sees an empty page can type to fill it. */
export function newcomerCommands(server: string, experiment = 'first-steps'): string[] {
  return [
    `export CAIRN_URL=${server}\ncairn run path/to/project --experiment ${shellWord(experiment)}`,
    `export MLFLOW_TRACKING_URI=${server} MLFLOW_EXPERIMENT_NAME=${shellWord(experiment)}\npython train.py`,
    `export WANDB_BASE_URL=${server} WANDB_PROJECT=${shellWord(experiment)} WANDB_API_KEY=${anyKey}\npython train.py`,
  ];
}

/** A word as a shell takes it literally, whatever is in it. */
export function shellWord(word: string): string {
  return /^[\w./:@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
