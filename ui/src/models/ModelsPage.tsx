import { useSuspenseQuery } from '@tanstack/react-query';
import { createLazyRoute, getRouteApi, Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { queries } from '../api/queries';
import type { ModelEntry } from '../api/types';
import { AliasChips } from '../artifacts/AliasChips';
import { Stage } from '../artifacts/RegistryFacts';
import { TypeIcon } from '../artifacts/TypeIcon';
import { Breakable } from '../design/Breakable';
import { Chip, Empty } from '../design/kit';
import { SearchBox } from '../design/SearchBox';
import { TimeAgo } from '../design/Time';
import style from '../experiments/experiments.module.css';
import { count } from '../format/numbers';
import { PageHead } from '../shell/PageHead';
import { useTitle } from '../shell/title';
import { useRowCursor } from '../shell/useRowCursor';

export const Route = createLazyRoute('/models')({ component: ModelsPage });

const page = getRouteApi('/models');

/** The model registry: every registered model, and which of its versions counts. */
function ModelsPage() {
  const { q = '' } = page.useSearch();
  const navigate = page.useNavigate();
  const { data } = useSuspenseQuery({ ...queries.models(), refetchInterval: 10_000 });
  useTitle('Models');
  const shown = useMemo(() => {
    const wanted = q.toLowerCase();
    return data.models.filter(({ artifact, model }) => `${model.name} ${artifact.name} ${artifact.experimentName} ${Object.entries(model.tags).flat().join(' ')}`.toLowerCase().includes(wanted));
  }, [data, q]);
  const cursor = useRowCursor(shown.length, (row) => {
    const { experimentId, name } = shown[row]!.artifact;
    void navigate({ to: '/artifacts/$experimentId/$name', params: { experimentId, name } });
  });
  return (
    <>
      <PageHead title="Models" />
      {data.models.length === 0 ? (
        <Empty icon="model" title="No models yet" commands={['cairn artifact put my_model path/to/model --type model', "mlflow.register_model('runs:/RUN_ID/model', 'my_model')"]}>
          <p>Every artifact of type “model” is a registered model, whichever client logged it.</p>
        </Empty>
      ) : (
        <>
          <div className={style.toolbar}>
            <SearchBox value={q} placeholder="Search models" label="Search models by name, experiment or tag" onChange={(text) => void navigate({ search: { q: text || undefined }, replace: true })} />
            <span className={style.total}>{count(shown.length, 'model')}</span>
          </div>
          {shown.length === 0 ? <Empty icon="search" title="No model matches" /> : (
            <table className={`${style.table} ${style.artifacts}`}>
              <thead>
                <tr>
                  <th scope="col">Model</th>
                  <th scope="col" className={style.wide}>Experiment</th>
                  <th scope="col" className={style.right}>Versions</th>
                  <th scope="col">Stages and aliases</th>
                  <th scope="col">Updated</th>
                </tr>
              </thead>
              <tbody>{shown.map((entry, i) => <Row key={entry.model.name} entry={entry} current={i === cursor} />)}</tbody>
            </table>
          )}
        </>
      )}
    </>
  );
}

function Row({ entry: { artifact, model }, current }: { entry: ModelEntry; current: boolean }) {
  const { experimentId, name } = artifact;
  return (
    <tr className={current ? style.current : undefined} aria-current={current || undefined}>
      <td>
        <Link to="/artifacts/$experimentId/$name" params={{ experimentId, name }} className={`${style.name} ${style.named}`} title={artifact.description ?? `models:/${model.name}`}>
          <TypeIcon type={artifact.type} /> <span><Breakable name={model.name} /></span>
        </Link>
      </td>
      <td className={style.wide}><Link to="/experiments/$experimentId" params={{ experimentId }}>{artifact.experimentName}</Link></td>
      <td className={style.right} title={artifact.latestVersion ? `newest ${artifact.latestVersion}` : undefined}>{artifact.versionCount}</td>
      <td>
        <span className={style.chips}>
          {Object.entries(model.stages).map(([stage, version]) => <span key={stage}><Stage stage={stage} /> {version}</span>)}
          <AliasChips most={6} aliases={Object.entries(artifact.aliases).map(([alias, version]) => ({ alias, version }))} />
          {Object.entries(model.tags).slice(0, 4).map(([key, value]) => <Chip key={key} title={`${key}: ${value}`}>{value ? `${key}: ${value}` : key}</Chip>)}
        </span>
      </td>
      <td><TimeAgo at={artifact.updatedAt} /></td>
    </tr>
  );
}
