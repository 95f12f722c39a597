import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { createLazyRoute, getRouteApi } from '@tanstack/react-router';
import { queries } from '../api/queries';
import { Icon } from '../design/Icon';
import { Bones, Empty, kit } from '../design/kit';
import { ErrorPanel } from '../design/ErrorPanel';
import { shellWord } from '../experiments/newcomer';
import { useActions } from '../shell/actions';
import style from './artifacts.module.css';
import { GateCard } from './GateCard';
import { GateForm } from './GateForm';

export const Route = createLazyRoute('/artifacts/$experimentId/$name/gates')({ component: GatesTab });

const page = getRouteApi('/artifacts/$experimentId/$name/gates');

/** What must hold before an alias moves: seen, set, changed, tried on versions, taken away; and who has agreed. */
function GatesTab() {
  const { experimentId, name } = page.useParams();
  const { gate: edited, on } = page.useSearch();
  const navigate = page.useNavigate();
  const { data: detail } = useSuspenseQuery(queries.artifact(experimentId, name));
  const { data, error, refetch } = useQuery({ ...queries.gates(experimentId, name), refetchInterval: 5_000 });
  const edit = (gate: string | undefined) => void navigate({ search: (s) => ({ ...s, gate }), resetScroll: false });
  const choose = (version: string) => void navigate({ search: (s) => ({ ...s, on: version }), replace: true, resetScroll: false });
  useActions('Gates', [{ name: 'Add a gate', run: () => edit(newGate) }]);
  if (error) return <ErrorPanel error={error} onRetry={() => void refetch()} />;
  if (!data) return <Bones lines={6} />;
  const { gates } = data;
  const isNew = edited !== undefined && !gates.some(({ alias }) => alias === edited);
  return (
    <div className={style.gates}>
      {isNew && <GateForm detail={detail} gate={undefined} alias={edited === newGate ? undefined : edited} onClose={() => edit(undefined)} />}
      {gates.map((gate) => (gate.alias === edited
        ? <GateForm key={gate.alias} detail={detail} gate={gate} alias={gate.alias} onClose={() => edit(undefined)} />
        : <GateCard key={gate.alias} detail={detail} gate={gate} chosen={on} onChoose={choose} onEdit={() => edit(gate.alias)} />))}
      {gates.length === 0 && !isNew && (
        <Empty icon="gate" title="No alias has a gate" commands={[`cairn gate set ${name} --when 'metrics.mae < prod.metrics.mae' --experiment ${shellWord(detail.artifact.experimentName)}`]}>
          <p>A gate says what must hold before an alias such as “prod” moves: better metrics on the same data, checks that passed, people who agreed. The server holds to it, whichever client asks.</p>
          <button type="button" className={`${kit.button} ${style.primary}`} onClick={() => edit(newGate)}><Icon name="plus" size={14} /> Add a gate</button>
        </Empty>
      )}
      {gates.length > 0 && !isNew && <p><button type="button" className={kit.button} onClick={() => edit(newGate)}><Icon name="plus" size={14} /> Add a gate</button></p>}
    </div>
  );
}

/** Stands in the address for a gate that has no alias yet; no alias can be called so. */
const newGate = '+';
