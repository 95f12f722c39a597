import { useSuspenseQuery } from '@tanstack/react-query';
import { createLazyRoute, getRouteApi, Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { queries } from '../api/queries';
import type { AliasChange } from '../api/types';
import { Icon } from '../design/Icon';
import { Chip, Empty, Segments } from '../design/kit';
import { shellWord } from '../experiments/newcomer';
import { exactTime } from '../format/time';
import { isWeighty } from './AliasChips';
import { Circumstances } from './AliasDecisions';
import style from './artifacts.module.css';

export const Route = createLazyRoute('/artifacts/$experimentId/$name/history')({ component: HistoryTab });

const page = getRouteApi('/artifacts/$experimentId/$name/history');

/** Every move of every alias, newest first. */
function HistoryTab() {
  const { experimentId, name } = page.useParams();
  const { alias } = page.useSearch();
  const navigate = page.useNavigate();
  const { data } = useSuspenseQuery(queries.artifact(experimentId, name));
  const aliases = useMemo(() => [...new Set(data.aliasHistory.map((change) => change.alias))].sort(), [data]);
  const shown = data.aliasHistory.filter((change) => alias === undefined || change.alias === alias);
  if (data.aliasHistory.length === 0) {
    return (
      <Empty icon="history" title="No alias has been moved yet" commands={[`cairn artifact alias ${name}:latest prod --why 'best on the newest data' --experiment ${shellWord(data.artifact.experimentName)}`]}>
        <p>An alias such as “prod” says which version counts. Every move is kept here, with who moved it and why.</p>
      </Empty>
    );
  }
  return (
    <>
      {aliases.length > 1 && (
        <div className={style.toolbar}>
          <Segments
            label="Alias" value={alias ?? ''} options={[['', 'all'], ...aliases.map((one) => [one, one] as const)]}
            onChange={(one) => void navigate({ search: (s) => ({ ...s, alias: one || undefined }), replace: true })}
          />
        </div>
      )}
      <ol className={style.history}>
        {shown.map((change, i) => <Move key={`${change.alias}${change.at}${i}`} change={change} experimentId={experimentId} name={name} />)}
      </ol>
    </>
  );
}

function Move({ change, experimentId, name }: { change: AliasChange; experimentId: string; name: string }) {
  const at = (version: string) => (
    <Link to="/artifacts/$experimentId/$name" params={{ experimentId, name }} search={{ v: version }}>{version}</Link>
  );
  return (
    <li>
      <div className={style.moveHead}>
        <Chip tone={isWeighty(change.alias) ? 'accent' : change.alias === 'latest' ? 'plain' : 'soft'}>{change.alias}</Chip>
        <span className={style.move}>
          {change.from ? at(change.from) : <span className={style.none}>new</span>}
          <Icon name="arrow" size={13} />
          {change.to ? at(change.to) : <span className={style.none}>removed</span>}
        </span>
        <time className={style.when}>{exactTime(change.at)}</time>
      </div>
      {change.why && <p className={style.why}>{change.why}</p>}
      <Circumstances change={change} />
    </li>
  );
}
