/** What somebody who sees an empty page can type to fill it. */
export function newcomerCommands(server: string): string[] {
  return [
    `export CAIRN_URL=${server}\ncairn run path/to/project --experiment first-steps`,
    `export MLFLOW_TRACKING_URI=${server}\npython train.py`,
  ];
}
