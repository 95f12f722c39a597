import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from '../api/client';
import { queries } from '../api/queries';
import type { UserHoldings } from '../api/types';
import { ConfirmDialog } from '../design/ConfirmDialog';
import { ErrorPanel } from '../design/ErrorPanel';
import { Bones } from '../design/kit';
import { count } from '../format/numbers';
import { tell } from '../shell/toasts';
import style from './accounts.module.css';

export function RemoveUserDialog({ name, onClose }: { name: string; onClose: () => void }) {
  const client = useQueryClient();
  const holdings = useQuery({ ...queries.holdings(name), staleTime: 0 });
  const remove = useMutation({
    mutationFn: () => api.removeUser(name),
    onSuccess: async () => {
      tell({ text: `${name} is removed` });
      await Promise.all([['users'], ['permissions']].map((queryKey) => client.invalidateQueries({ queryKey })));
      onClose();
    },
  });
  return (
    <ConfirmDialog title={`Remove ${name}?`} keep="Cancel" act="Remove" work={remove} onClose={onClose}>
      {holdings.data ? <Consequences name={name} held={holdings.data} /> : holdings.error ? <ErrorPanel error={holdings.error} /> : <Bones lines={4} />}
    </ConfirmDialog>
  );
}

function Consequences({ name, held }: { name: string; held: UserHoldings }) {
  const alone = [held.experiments > 0 && count(held.experiments, 'experiment'), held.models > 0 && count(held.models, 'model')].filter(Boolean).join(' and ');
  const more = held.experiments + held.models - held.names.length;
  return (
    <ul className={style.consequences}>
      <li><strong>Ends at once:</strong> the password, {count(held.keys, 'key')} and {count(held.browsers, 'login')} in browsers. Runs of {name} that programs write now are refused from then on.</li>
      <li><strong>Goes:</strong> what {name} was given on experiments and models.</li>
      <li><strong>Stays:</strong> experiments, runs, versions, approvals and decisions, under the name {name}. A new user of this name begins without rights on them.</li>
      {alone && (
        <li><strong>Only admins manage then:</strong> {alone}: {held.names.join(', ')}{more > 0 && `, and ${more} more`}. Give somebody MANAGE there under Access.</li>
      )}
      <li>To shut {name} out with a way back, choose Deactivate instead.</li>
    </ul>
  );
}
