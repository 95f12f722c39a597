// What W&B's clients send, as far as the tests of the pages need it.
import { createHash } from 'node:crypto';

const md5 = (text) => createHash('md5').update(text).digest('base64');
const md5Hex = (text) => createHash('md5').update(text).digest('hex');

export function wandb(base, project) {
  const ask = async (query, variables = {}) => {
    const response = await fetch(`${base}/graphql`, {
      method: 'POST', headers: { 'Content-Type': 'application/json', Authorization: `Basic ${btoa(`api:${'0'.repeat(40)}`)}` }, body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = await response.json();
    if (errors) throw new Error(JSON.stringify(errors));
    return data;
  };
  const put = async (url, body) => {
    const response = await fetch(url, { method: 'PUT', body });
    if (!response.ok) throw new Error(`PUT answered ${response.status}: ${await response.text()}`);
  };
  const stream = async (run, body) => {
    const response = await fetch(`${base}/files/cairn/${project}/${run}/file_stream`, {
      method: 'POST', headers: { 'Content-Type': 'application/json', Authorization: `Basic ${btoa(`api:${'0'.repeat(40)}`)}` }, body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`file_stream answered ${response.status}: ${await response.text()}`);
  };
  const find = async (name) =>
    (await ask('query F($project: String!, $name: String!) { project(name: $project) { artifact(name: $name) { id versionIndex } } }', { project, name })).project.artifact;

  return {
    ask,
    startRun: (name, more = {}) => ask(
      'mutation U($name: String, $project: String, $job: String, $sweep: String) { upsertBucket(input: {name: $name, modelName: $project, displayName: $name, jobType: $job, sweep: $sweep}) { bucket { id } } }',
      { name, project, ...more },
    ),
    finish: (run, rows = []) => stream(run, { files: rows.length ? { 'wandb-history.jsonl': { offset: 0, content: rows.map((row, i) => JSON.stringify({ ...row, _step: i })) } } : {}, complete: true, exitcode: 0 }),
    /** Uploads a file of a run, as a client does: asks for its address, then puts it there. */
    putFile: async (run, path, content) => {
      const { createRunFiles } = await ask(
        'mutation F($project: String, $run: String!, $files: [String!]!) { createRunFiles(input: {entityName: "cairn", projectName: $project, runName: $run, files: $files}) { files { name uploadUrl } } }',
        { project, run, files: [path] },
      );
      await put(createRunFiles.files[0].uploadUrl, content);
    },
    alert: (run, title, text) => ask(
      'mutation A($project: String, $run: String!, $title: String!, $text: String!) { notifyScriptableRunAlert(input: {projectName: $project, runName: $run, title: $title, text: $text, severity: WARN}) { success } }',
      { project, run, title, text },
    ),
    find,
    use: async (run, name) => {
      const { id } = await find(name);
      return ask('mutation U($id: ID!, $project: String!, $run: String!) { useArtifact(input: {artifactID: $id, entityName: "cairn", projectName: $project, runName: $run}) { artifact { id } } }', { id, project, run });
    },
    alias: async (name, version, alias) => {
      const { id } = await find(`${name}:${version}`);
      return ask('mutation A($id: ID!, $name: String!, $alias: String!) { addAliases(input: {artifactID: $id, aliases: [{artifactCollectionName: $name, alias: $alias}]}) { success } }', { id, name, alias });
    },
    /** Logs a version of one file, as a client does, from the first question to the commit. */
    log: async (run, name, type, content) => {
      const contents = { [name]: { digest: md5(content), size: Buffer.byteLength(content) } };
      const input = {
        entityName: 'cairn', projectName: project, runName: run, artifactTypeName: type, artifactCollectionName: name, digestAlgorithm: 'MANIFEST_MD5',
        digest: md5Hex(`wandb-artifact-manifest-v1\n${name}:${md5(content)}\n`), clientID: crypto.randomUUID(), aliases: [{ artifactCollectionName: name, alias: 'latest' }],
      };
      const { createArtifact: { artifact } } = await ask('mutation C($input: CreateArtifactInput!) { createArtifact(input: $input) { artifact { id state } } }', { input });
      if (artifact.state === 'COMMITTED') return;
      const { createArtifactFiles } = await ask(
        'mutation F($files: [CreateArtifactFileSpecInput!]!) { createArtifactFiles(input: {artifactFiles: $files, storageLayout: V2}) { files { edges { node { uploadUrl } } } } }',
        { files: [{ artifactID: artifact.id, name, md5: md5(content) }] },
      );
      const { uploadUrl } = createArtifactFiles.files.edges[0].node;
      if (uploadUrl) await put(uploadUrl, content);
      contents[name].birthArtifactID = artifact.id;
      const manifest = JSON.stringify({ version: 1, storagePolicy: 'wandb-storage-policy-v1', storagePolicyConfig: { storageLayout: 'V2' }, contents });
      const { createArtifactManifest } = await ask(
        'mutation M($id: ID!, $digest: String!, $project: String!) { createArtifactManifest(input: {artifactID: $id, name: "wandb_manifest.json", digest: $digest, entityName: "cairn", projectName: $project, type: FULL}) { artifactManifest { file { uploadUrl } } } }',
        { id: artifact.id, digest: md5(manifest), project },
      );
      await put(createArtifactManifest.artifactManifest.file.uploadUrl, manifest);
      await ask('mutation C($id: ID!) { commitArtifact(input: {artifactID: $id}) { artifact { id } } }', { id: artifact.id });
    },
    sweep: async (config) =>
      (await ask('mutation S($config: String, $project: String) { upsertSweep(input: {config: $config, projectName: $project}) { sweep { name } } }', { config, project })).upsertSweep.sweep.name,
    agent: async (sweep) =>
      (await ask('mutation A($project: String, $sweep: String!) { createAgent(input: {host: "h", projectName: $project, sweep: $sweep}) { agent { id } } }', { project, sweep })).createAgent.agent.id,
    beat: async (agent, state = {}) =>
      JSON.parse((await ask('mutation B($id: ID!, $state: JSONString) { agentHeartbeat(input: {id: $id, metrics: "{}", runState: $state}) { commands } }', { id: agent, state: JSON.stringify(state) })).agentHeartbeat.commands),
  };
}
