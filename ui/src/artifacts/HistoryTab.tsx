import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
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
import { Conditions } from './GateVerdict';
import { type HistoryEntry, historyOf } from './history';

export const Route = createLazyRoute('/artifacts/$experimentId/$name/history')({ component: HistoryTab });

const page = getRouteApi('/artifacts/$experimentId/$name/history');

/** Every move of every alias, what a gate refused, and every change of a gate; newest first. */
function HistoryTab() {
  const { experimentId, name } = page.useParams();
  const { alias } = page.useSearch();
  const navigate = page.useNavigate();
  const { data } = useSuspenseQuery(queries.artifact(experimentId, name));
  const decisions = useQuery(queries.decisions(experimentId, name)).data?.decisions;
  const entries = useMemo(() => historyOf(data.aliasHistory, decisions ?? []), [data, decisions]);
  const aliases = useMemo(() => [...new Set(entries.map(({ change }) => change.alias))].sort(), [entries]);
  const shown = entries.filter(({ change }) => alias === undefined || change.alias === alias);
  if (entries.length === 0) {
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
        {shown.map((entry, i) => <Entry key={`${entry.change.alias}${entry.change.at}${i}`} entry={entry} experimentId={experimentId} name={name} />)}
      </ol>
    </>
  );
}

const words: Record<string, string> = { refused: 'refused', rolled_back: 'rolled back', accepted: 'through the gate', gate_set: 'gate set', gate_removed: 'gate removed' };

function Entry({ entry: { change, outcome, verdict }, experimentId, name }: { entry: HistoryEntry; experimentId: string; name: string }) {
  const word = outcome === null ? undefined : words[outcome];
  const ofGate = outcome === 'gate_set' || outcome === 'gate_removed';
  return (
    <li className={outcome === 'refused' ? style.refused : undefined}>
      <div className={style.moveHead}>
        <Chip tone={isWeighty(change.alias) ? 'accent' : change.alias === 'latest' ? 'plain' : 'soft'}>{change.alias}</Chip>
        {!ofGate && <MoveWords change={change} experimentId={experimentId} name={name} />}
        {word && <span className={outcome === 'refused' ? style.outcomeBad : style.outcome}>{word}</span>}
        <time className={style.when}>{exactTime(change.at)}</time>
      </div>
      {change.why && <p className={style.why}>{change.why}</p>}
      {verdict && verdict.conditions.length > 0 && <Conditions verdict={verdict} />}
      <Circumstances change={change} />
    </li>
  );
}

function MoveWords({ change, experimentId, name }: { change: AliasChange; experimentId: string; name: string }) {
  const at = (version: string) => (
    <Link to="/artifacts/$experimentId/$name" params={{ experimentId, name }} search={{ v: version }}>{version}</Link>
  );
  return (
    <span className={style.move}>
      {change.from ? at(change.from) : <span className={style.none}>new</span>}
      <Icon name="arrow" size={13} />
      {change.to ? at(change.to) : <span className={style.none}>removed</span>}
    </span>
  );
}
